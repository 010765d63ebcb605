"""What jobs ask for, one file each: a module here is a kind of job, by its name."""

import sys
from collections.abc import Mapping

from genepool.bootstrap.job_kinds._base import Breeding, Evaluating, Kind, Means
from genepool.plugins import discover
from genepool.pool.job_worker import JobKind

__all__ = ["Breeding", "Evaluating", "Means", "job_kinds"]


def job_kinds(means: Means) -> Mapping[str, JobKind]:
    """Return what is done for a job of each kind.

    Parameters
    ----------
    means
        What the worker does them with.
    """
    found = discover(sys.modules[__name__], "KIND", Kind)
    return {kind.name or name: kind.bound(means) for name, kind in found.items()}
