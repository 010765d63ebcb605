"""The log of acknowledgements of a home folder, for the service that keeps it and for commands beside it."""

from pathlib import Path

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.files.acknowledged_book import AcknowledgedBook
from genepool.adapters.files.acknowledged_jobs import AcknowledgedJobs
from genepool.errors import StoreError
from genepool.pool.job_worker import Jobs
from genepool.ports import RunBook
from genepool.settings import Settings


def acknowledged_log(settings: Settings) -> AcknowledgedLog:
    """Return the log; it is made when it is not there.

    Raises
    ------
    StoreError
        When it cannot be written.
    """
    return AcknowledgedLog(_file(settings))


def told_jobs(jobs: Jobs, settings: Settings) -> Jobs:
    """Return the queue, telling the log of a service of this folder what becomes of it, if there is one."""
    log = _kept(settings)
    return jobs if log is None else AcknowledgedJobs(jobs, log)


def told_book(book: RunBook, settings: Settings) -> RunBook:
    """Return the recorded runs, telling the log of a service of this folder what changes, if there is one."""
    log = _kept(settings)
    return book if log is None else AcknowledgedBook(book, log)


def _kept(settings: Settings) -> AcknowledgedLog | None:
    if not _file(settings).exists():
        return None
    try:
        return acknowledged_log(settings)
    except StoreError:
        # A log that this user may not write costs the line, never the command.
        return None


def _file(settings: Settings) -> Path:
    return settings.logs_folder / "acknowledged.jsonl"
