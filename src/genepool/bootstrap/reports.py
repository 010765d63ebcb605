"""Writes reports, of a run or of a batch, into the folder of results."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from genepool.adapters.report.write import write_batch, write_report
from genepool.adapters.store import SqlStore
from genepool.jobs import Job
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.market_batch import MarketBatch
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun
from genepool.usecases.report_batch import batch_named, report_batch
from genepool.usecases.report_run import ReportFile, report_run
from genepool.usecases.view_batch import PartView

# Told what is doubtful of candles, a sentence each.
Tell: TypeAlias = Callable[[str], object]


def written_report(
    word: str, settings: Settings, store: SqlStore, tell: Tell, file: Path | None = None
) -> ReportFile:
    """Write the report of a run, or of a batch that is called as its page is, such as ``batch-7``.

    Parameters
    ----------
    word
        What the user calls it; a run of exactly that name goes before a batch.
    settings, store, tell, file
        As for ``written_batch``.

    Raises
    ------
    RunNotFound, JobNotFound
        When there is none.
    DataError
        When a run's candles are not there, or are not what it began with.
    ConfigError
        When the file cannot be written.
    """
    summaries = store.summaries()
    is_run = any(summary.spec.run == word for summary in summaries)
    batch = None if is_run else batch_named(word, store.jobs)
    if batch is not None:
        return written_batch(batch, settings, store, tell, file)
    past = PastRun(find_run(word, summaries, program()), store, FileCandles(settings.home, tell))
    return report_run(past, partial(write_report, file or settings.results / f"{past.name}.html"))


def written_batch(
    job: Job, settings: Settings, store: SqlStore, tell: Tell, file: Path | None = None
) -> ReportFile:
    """Write the report of a batch.

    Parameters
    ----------
    job
        The batch.
    settings
        They name the folders.
    store
        The history, and the queue beside it.
    tell
        Told what is doubtful of its candles, a sentence each.
    file
        Where; None for its own name in the folder of results.

    Raises
    ------
    ConfigError
        When it cannot be written.
    """

    def write(batch: MarketBatch, view: PartView) -> Path:
        return write_batch(file or settings.results / f"{batch.name}.html", batch, view)

    return report_batch(job, store.jobs, store, FileCandles(settings.home, tell), write, program())
