"""Check a file of candles and keep it: the kind ``import``, a word that no module can be called by."""

from collections.abc import Mapping
from typing import Any

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.pool.job_worker import Attempt
from genepool.reading.file_shelf import FileShelf
from genepool.usecases.datasets import take_upload
from genepool.usecases.import_job import ImportJob


def import_candles(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; a later attempt keeps the same candles again, in one step as before."""
    asked = ImportJob.by(attempt.job.asked.request)
    return take_upload(asked.upload, FileShelf(means.settings.home), replacing=asked.replace).as_json()


KIND = Kind(import_candles, "import")
