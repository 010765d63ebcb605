"""Report on a past run: its champion's neighbours are tried, and counted, before it is judged."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from genepool.backtest.problem import Problem
from genepool.history import RunSummary
from genepool.pool.ancestry import Fetch
from genepool.pool.findings import Findings
from genepool.pool.judging import Judged
from genepool.pool.planning import Plan
from genepool.usecases.document import Document
from genepool.usecases.history import History
from genepool.usecases.past_run import PastRun

Around = TypeVar("Around")


@dataclass(frozen=True, slots=True, eq=False)
class Reported(Generic[Around]):
    """What a report is drawn from.

    Parameters
    ----------
    summary
        The run's line in the list of runs.
    found
        What a pass over all that is left of it found.
    fetch
        Reads its individuals again.
    judged
        What it amounts to.
    problem
        What its genomes were scored against; it holds no sealed candle.
    pruned
        What is gone of it, in one sentence; empty for a run that is whole.
    around
        What was found around the champion; None where nothing was tried.
    """

    summary: RunSummary
    found: Findings
    fetch: Fetch
    judged: Judged
    problem: Problem
    pruned: str
    around: Around | None


class ReportWriter(Protocol[Around]):
    """Draws reports."""

    def explore(self, plan: Plan, found: Findings, fetch: Fetch, history: History) -> Around | None:
        """Evaluate the champion's neighbours, and have the history count those that the run did not try."""
        ...

    def write(self, path: Path, reported: Reported[Around]) -> Path:
        """Write the report, whole or not at all, and return where it is.

        Raises
        ------
        ConfigError
            When the file cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReportFile(Document):
    """A report that was written."""

    run: str
    report: str
    bytes: int


def report_run(past: PastRun, path: Path, writer: ReportWriter[Around]) -> ReportFile:
    """Write the report of a past run.

    Parameters
    ----------
    past
        The run.
    path
        The file.
    writer
        Draws it.

    Raises
    ------
    DataError
        When its candles are not there, or are not what the run began with.
    ConfigError
        When the file cannot be written.
    """
    plan, found = past.plan(), past.found
    around = None if past.pruned else writer.explore(plan, found, past.fetch, past.history)
    judged = past.judged(plan)
    reported = Reported(past.summary, found, past.fetch, judged, plan.problem, past.pruned, around)
    written = writer.write(path, reported)
    return ReportFile(past.name, str(written), written.stat().st_size)
