"""What a module of this package exports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from genepool.adapters.store import SqlStore
from genepool.pool.job_worker import Attempt, JobKind
from genepool.settings import Settings


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Parameters
    ----------
    do
        Does a job, or resumes it: ``JobKind`` with settings and history before it.
    name
        What a job calls it; empty for the name of its module.
    """

    do: Callable[[Settings, SqlStore, Attempt], Mapping[str, Any]]
    name: str = ""

    def bound(self, settings: Settings, store: SqlStore) -> JobKind:
        """Return it with its settings and its history."""
        return partial(self.do, settings, store)
