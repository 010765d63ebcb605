"""Report on a past run: its champion's neighbours are tried, and counted, before it is judged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from genepool.pool.checking import neighbourhood_of
from genepool.pool.report_data import ReportData
from genepool.pool.reporting import report_data
from genepool.usecases.document import Document
from genepool.usecases.past_run import PastRun

# Draws a report, writes it whole or not at all, and returns where it is; raises ``ConfigError`` when the
# file cannot be written.
ReportWriter: TypeAlias = Callable[[ReportData], Path]


@dataclass(frozen=True, slots=True)
class ReportFile(Document):
    """A report that was written."""

    run: str
    report: str
    bytes: int


def report_run(past: PastRun, write: ReportWriter) -> ReportFile:
    """Write the report of a past run.

    Parameters
    ----------
    past
        The run.
    write
        Draws and writes it.

    Raises
    ------
    DataError
        When its candles are not there, or are not what the run began with.
    ConfigError
        When the file cannot be written.
    """
    plan, found, fetch = past.plan(), past.found, past.fetch
    around = None if past.pruned else neighbourhood_of(plan.problem, found, fetch, past.history.remember)
    judged = past.judged(plan)
    data = report_data(past.summary, found, fetch, judged, plan.problem, past.pruned, around)
    ladder, nulls = past.climbed(judged)
    written = write(replace(data, ladder=ladder, nulls=nulls))
    return ReportFile(past.name, str(written), written.stat().st_size)
