"""Export a past run: a genome, what it traded, or all trials, to a file that other programs read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from genepool.backtest.detailed import Backtest
from genepool.backtest.problem import Problem
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.usecases.document import Document
from genepool.usecases.genome_document import GenomeDocument, genome_document
from genepool.usecases.past_run import PastRun

# Name and backtest of each phase of a run, in-sample first.
Phases: TypeAlias = Sequence[tuple[str, Backtest]]


class What(StrEnum):
    """What can be exported."""

    GENOME = "genome"
    TRADES = "trades"
    FILLS = "fills"
    TRIALS = "trials"
    EQUITY = "equity"


@dataclass(frozen=True, slots=True)
class ExportWriters:
    """Write one kind of file each; all but the genome's tell how many rows it has.

    Parameters
    ----------
    genome, trades, fills, trials
        Write what they are named after.
    equity
        Writes the equity of a genome beside that of buy-and-hold.
    phases
        Trades a genome over each phase of its run, or buy-and-hold without one.
    """

    genome: Callable[[Path, GenomeDocument], None]
    trades: Callable[[Path, Phases], int]
    fills: Callable[[Path, Phases], int]
    equity: Callable[[Path, Phases, Phases], int]
    trials: Callable[[Path, Callable[[], Iterable[tuple[int, Individual]]]], int]
    phases: Callable[[Problem, Genome | None], Phases]


@dataclass(frozen=True, slots=True)
class ExportedTrials(Document):
    """A file of all trials."""

    run: str
    what: What
    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class ExportedGenome(ExportedTrials):
    """A file of one genome, by its place on the leaderboard."""

    rank: int


def export_run(past: PastRun, what: What, rank: int, file: Path, write: ExportWriters) -> ExportedTrials:
    """Write a file and return what it holds.

    Parameters
    ----------
    past
        The run.
    what
        What is written.
    rank
        Place on the leaderboard, 1 for the champion; of no meaning for all trials.
    file
        Where to.
    write
        Writes the file.

    Raises
    ------
    ConfigError
        When there is no such place, or the file cannot be written.
    DataError
        When the genome's candles are not there, or are not what the run began with.
    RunPruned
        When not all trials are left.
    """
    if what is What.TRIALS:
        return ExportedTrials(past.name, what, str(file), write.trials(file, past.trials))
    if what is What.GENOME:
        write.genome(file, genome_document(rank, past.at(rank), past.summary))
        return ExportedGenome(past.name, what, str(file), 1, rank)
    rows = _traded(past, what, past.at(rank).genome, file, write)
    return ExportedGenome(past.name, what, str(file), rows, rank)


def _traded(past: PastRun, what: What, genome: Genome, file: Path, write: ExportWriters) -> int:
    problem = past.plan().problem
    ours = write.phases(problem, genome)
    if what is What.EQUITY:
        return write.equity(file, ours, write.phases(problem, None))
    return (write.trades if what is What.TRADES else write.fills)(file, ours)
