"""What a module of this package exports."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from genepool.adapters.store import SqlStore
from genepool.jobs import Job
from genepool.pool.job_worker import Attempt, JobKind
from genepool.pool.null_searches import NullWorkers
from genepool.pool.planning import Plan
from genepool.pool.stop_request import StopRequest
from genepool.ports import Watcher
from genepool.settings import Settings
from genepool.usecases.breed_run import Breeder

# Says what breeds the run of a job.
Breeding: TypeAlias = Callable[[SqlStore, Job, Plan], Breeder]
# Yields who evaluates for a job that breeds no run.
Evaluating: TypeAlias = Callable[[SqlStore, Job, Plan, StopRequest], AbstractContextManager[NullWorkers]]


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker does jobs with.

    Parameters
    ----------
    settings
        They name the folders.
    store
        The history, and the queue beside it.
    breeding
        Says what breeds the run of a job.
    evaluating
        Yields who evaluates for a job that breeds no run.
    watcher
        Told of what a job finds that its run's own watcher is not told.
    """

    settings: Settings
    store: SqlStore
    breeding: Breeding
    evaluating: Evaluating
    watcher: Watcher = lambda _: None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Parameters
    ----------
    do
        Does a job, or resumes it: ``JobKind`` with a worker's means before it.
    name
        What a job calls it; empty for the name of its module.
    """

    do: Callable[[Means, Attempt], Mapping[str, Any]]
    name: str = ""

    def bound(self, means: Means) -> JobKind:
        """Return it with the means of a worker."""
        return partial(self.do, means)
