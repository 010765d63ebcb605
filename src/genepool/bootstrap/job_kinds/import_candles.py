"""Check a file of candles and keep it: the kind ``import``, a word that no module can be called by."""

from collections.abc import Mapping
from typing import Any

from genepool.adapters.store import SqlStore
from genepool.bootstrap.job_kinds._base import Kind
from genepool.pool.job_worker import Attempt
from genepool.reading.file_shelf import FileShelf
from genepool.settings import Settings
from genepool.usecases.datasets import take_upload
from genepool.usecases.import_job import ImportJob


def import_candles(settings: Settings, _store: SqlStore, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; a later attempt keeps the same candles again, in one step as before."""
    asked = ImportJob.by(attempt.job.asked.request)
    return take_upload(asked.upload, FileShelf(settings.home), replacing=asked.replace).as_json()


KIND = Kind(import_candles, "import")
