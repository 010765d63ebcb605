"""Report on a batch: what its parts have found so far, whether it has ended or not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from genepool.errors import JobNotFound
from genepool.jobs import Job
from genepool.pool.commands import PROGRAM
from genepool.ports import JobQueue
from genepool.ports.candles import CandleSource
from genepool.usecases.evolve_job import BATCH
from genepool.usecases.history import History
from genepool.usecases.market_batch import MarketBatch, batch_of
from genepool.usecases.report_run import ReportFile
from genepool.usecases.view_batch import PartView, part_view

# Draws the report of a batch, writes it whole or not at all, and returns where it is.
BatchWriter: TypeAlias = Callable[[MarketBatch, PartView], Path]

_NAME = re.compile(r"batch-([1-9]\d{0,8})")


def batch_named(word: str, queue: JobQueue) -> Job | None:
    """Return the batch of which ``genepool evolve`` and its page say this name; None for any other word.

    Raises
    ------
    JobNotFound
        When it is the name of a batch, and there is no batch of that number.
    """
    named = _NAME.fullmatch(word)
    return checked_batch(queue.job(int(named[1]))) if named else None


def checked_batch(job: Job) -> Job:
    """Return a job that is a batch.

    Raises
    ------
    JobNotFound
        When it is none.
    """
    if job.asked.kind != BATCH:
        raise JobNotFound(
            f"job {job.id} is of one market, no batch: `genepool report` writes what a run found"
        )
    return job


def report_batch(
    job: Job,
    queue: JobQueue,
    history: History,
    source: CandleSource,
    write: BatchWriter,
    program: str = PROGRAM,
) -> ReportFile:
    """Write the report of a batch.

    Parameters
    ----------
    job
        The batch.
    queue, history
        Where its parts and their runs are recorded.
    source
        Where their candles are.
    write
        Draws and writes it.
    program
        How the user calls the program.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    batch = batch_of(job, queue)
    written = write(batch, part_view(history, source, program))
    return ReportFile(batch.name, str(written), written.stat().st_size)
