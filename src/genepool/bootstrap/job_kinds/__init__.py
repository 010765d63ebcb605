"""What jobs ask for, one file each: a module here is a kind of job, by its name."""

import sys
from collections.abc import Mapping

from genepool.adapters.store import SqlStore
from genepool.bootstrap.job_kinds._base import Kind
from genepool.plugins import discover
from genepool.pool.job_worker import JobKind
from genepool.settings import Settings


def job_kinds(settings: Settings, store: SqlStore) -> Mapping[str, JobKind]:
    """Return what is done for a job of each kind.

    Parameters
    ----------
    settings
        They name the folders, and a cluster.
    store
        The history, and the queue beside it.
    """
    found = discover(sys.modules[__name__], "KIND", Kind)
    return {kind.name or name: kind.bound(settings, store) for name, kind in found.items()}
