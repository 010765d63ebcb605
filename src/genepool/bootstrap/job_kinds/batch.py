"""Put together what the parts of a batch found, one evolution a market, and write their report."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.bootstrap.reports import written_batch
from genepool.pool.job_worker import Attempt
from genepool.usecases.market_batch import batch_of


def batch(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Return how each part ended; a batch comes after its parts."""
    whole = batch_of(attempt.job, means.store.jobs)
    tell = partial(structlog.get_logger().warning, "data_doubtful", batch=whole.name)
    report = written_batch(attempt.job, means.settings, means.store, tell).report
    return {"parts": [part.as_json() for part in whole.parts], "report": report}


KIND = Kind(batch)
