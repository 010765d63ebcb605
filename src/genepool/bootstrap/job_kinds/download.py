"""Fetch candles from an exchange and keep them; a download that was cut off is continued."""

from collections.abc import Mapping
from typing import Any

from genepool.bootstrap.downloading import fetched, pages_of
from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.errors import Interrupted
from genepool.pool.job_worker import Attempt
from genepool.reading.bundles import said_by
from genepool.reading.file_shelf import FileShelf
from genepool.reading.flags import CheckFlags
from genepool.reading.options import rules
from genepool.settings import Settings
from genepool.usecases.datasets import describe_dataset
from genepool.usecases.download_job import DownloadJob


def download_candles(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; windows of time that an earlier attempt has got are not asked for again."""
    asked = DownloadJob.by(attempt.job.asked.request)
    return do_download(means.settings, asked, attempt)


def do_download(settings: Settings, asked: DownloadJob, attempt: Attempt) -> dict[str, Any]:
    """Fetch and keep candles while a job is held; return what they are.

    Raises
    ------
    Interrupted
        When the attempt is asked to stop, between two pages; what came is kept.
    """
    pages = pages_of(settings.home, asked)

    def told(kind: str, done: int, total: int) -> None:
        attempt.tell({"candles": pages.candles, "pages": f"{done} of {total} of {kind}"})
        if attempt.stop():
            raise Interrupted(f"stopped after {pages.candles:,} candles: what came is kept for a retry")

    checks = rules(said_by(CheckFlags, asked.checks), asked.timeframe)
    kept = fetched(settings.home, asked, checks, pages, told)
    replaced = {"replaced": kept.replaced} if kept.replaced else {}
    return describe_dataset(kept.name, FileShelf(settings.home)).as_json() | replaced


KIND = Kind(download_candles)
