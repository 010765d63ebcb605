"""Put together what the parts of a batch found: one evolution a symbol."""

from collections.abc import Mapping
from typing import Any

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.pool.job_worker import Attempt

_PARTS_AT_MOST = 10_000


def batch(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Return how each part ended; a batch comes after its parts."""
    parts = means.store.jobs.jobs(parent=attempt.job.id, count=_PARTS_AT_MOST)
    return {
        "parts": [
            {"job": part.id, "state": part.state, "error": part.error or None, **(part.result or {})}
            for part in reversed(parts)
        ]
    }


KIND = Kind(batch)
