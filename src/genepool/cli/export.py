"""``genepool export``: genomes, trades, fills, trials and equity for other programs."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.export.curves import write_equity, write_fills, write_trades
from genepool.adapters.export.genome import write_genome
from genepool.adapters.export.trials import write_trials
from genepool.adapters.report.performance import phase_backtests
from genepool.cli._output import print_json, screen
from genepool.cli._past_run import PastRun, open_past_run


class What(StrEnum):
    """What can be exported."""

    GENOME = "genome"
    TRADES = "trades"
    FILLS = "fills"
    TRIALS = "trials"
    EQUITY = "equity"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    what: Annotated[
        What,
        typer.Option(
            "--what",
            help="genome: JSON with schema. trades, fills, equity: CSV of one genome; trials: of all.",
        ),
    ] = What.GENOME,
    rank: Annotated[int, typer.Option("--rank", help="Place on the leaderboard, 1 for the champion.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a genome, its trades, its fills, its equity, or all trials of a past run to a file."""
    with open_past_run(run) as past:
        rows = _WRITERS[what](past, rank, out)
        document = {"run": past.name, "what": what.value, "file": str(out), "rows": rows}
        if what is not What.TRIALS:
            document["rank"] = rank
        if as_json:
            print_json(document)
        else:
            counted = f" ({rows:,} rows)" if what is not What.GENOME else ""
            screen().print(f"{what.value} of {past.name}{counted} in {out}", soft_wrap=True, markup=False)


def _genome(past: PastRun, rank: int, out: Path) -> int:
    write_genome(out, rank, past.at(rank), past.summary)
    return 1


def _trades(past: PastRun, rank: int, out: Path) -> int:
    genome, problem = past.at(rank).genome, past.plan().problem
    return write_trades(out, phase_backtests(problem, genome))


def _fills(past: PastRun, rank: int, out: Path) -> int:
    genome, problem = past.at(rank).genome, past.plan().problem
    return write_fills(out, phase_backtests(problem, genome))


def _equity(past: PastRun, rank: int, out: Path) -> int:
    genome, problem = past.at(rank).genome, past.plan().problem
    return write_equity(out, phase_backtests(problem, genome), phase_backtests(problem, None))


def _trials(past: PastRun, _rank: int, out: Path) -> int:
    return write_trials(out, past.trials)


_WRITERS: dict[What, Callable[[PastRun, int, Path], int]] = {
    What.GENOME: _genome,
    What.TRADES: _trades,
    What.FILLS: _fills,
    What.EQUITY: _equity,
    What.TRIALS: _trials,
}
