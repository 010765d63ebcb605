"""Put together what the parts of a batch found, one evolution a market, and write their page."""

from collections.abc import Mapping
from typing import Any

from genepool.adapters.report.write import write_batch
from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.pool.job_worker import Attempt
from genepool.usecases.market_batch import batch_of


def batch(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Return how each part ended; a batch comes after its parts."""
    whole = batch_of(attempt.job, means.store.jobs)
    report = write_batch(means.settings.results / f"{whole.name}.html", whole)
    return {"parts": [part.as_json() for part in whole.parts], "report": str(report)}


KIND = Kind(batch)
