"""Breeds the runs of several jobs at once, in threads of one process that share one crew of workers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.store import SqlStore
from genepool.bootstrap.caches import Front
from genepool.bootstrap.overfitting_following import overfitting_following
from genepool.bootstrap.pools import pooled
from genepool.bootstrap.shown_run import ShownRun
from genepool.bootstrap.stop_watch import StopWatch
from genepool.errors import Interrupted
from genepool.history import GenerationRecord
from genepool.jobs import WEIGHTS, Job
from genepool.pool.loop import Outcome
from genepool.pool.null_searches import NullWorkers, searches_at_once
from genepool.pool.planning import Plan
from genepool.pool.resuming import resume
from genepool.pool.stop_request import StopRequest
from genepool.pool.watchers import WorkTally, audience
from genepool.ports import Evaluator, Watcher
from genepool.usecases.breed_run import Breeder


class SharedCrew(Protocol):
    """Workers that score genomes for several runs at once."""

    def evaluator(self, watcher: Watcher, interrupted: Callable[[], bool], weight: float) -> Evaluator:
        """Return the evaluator for one run; its workers stay for the next, and are shared by weight.

        Raises
        ------
        ServiceUnavailable
            When the workers' cluster does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class SharedBreeding:
    """Breeds on a shared crew, for as many threads as ask.

    Parameters
    ----------
    crew
        The workers.
    front
        The cache before the history.
    shown
        Whose watcher of runs shows one run at a time.
    acknowledged
        The log that an outside checker compares the history with.
    workers
        How many there are now.
    """

    crew: SharedCrew
    front: Front
    shown: ShownRun
    acknowledged: AcknowledgedLog
    workers: Callable[[], int] = lambda: 1

    def __call__(self, store: SqlStore, job: Job, _plan: Plan) -> Breeder:
        """Return what breeds a job's run."""

        def breed(
            plan: Plan, read: Callable[[GenerationRecord], None], watcher: Watcher, stop: StopRequest
        ) -> Outcome:
            return self._bred(store, job, plan, read, watcher, stop)

        return breed

    @contextmanager
    def evaluating(self, _store: SqlStore, job: Job, plan: Plan, stop: StopRequest) -> Iterator[NullWorkers]:
        """Yield who evaluates for a job that breeds no run: the shared crew, by the job's weight."""
        count = self.workers()
        # Each search that runs at once asks for itself; together they have the weight of one job.
        weight = WEIGHTS[job.asked.priority] / searches_at_once(count, plan.spec.settings.population_size)
        with closing(self.crew.evaluator(WorkTally(), stop, weight)) as evaluator:
            yield NullWorkers(evaluator, count)

    def _bred(
        self,
        store: SqlStore,
        job: Job,
        plan: Plan,
        read: Callable[[GenerationRecord], None],
        watcher: Watcher,
        stop: StopRequest,
    ) -> Outcome:
        run, tally = plan.spec.run, WorkTally()
        if store.stop_requested(run):
            _obey_or_take_back(store, job, run)

        with ExitStack() as held:
            held.enter_context(StopWatch(store, run, stop.make))
            shown = audience([watcher, held.enter_context(self.shown.of(run))])
            follower = held.enter_context(overfitting_following(plan, shown))
            told = audience([self.acknowledged, follower, shown])
            evaluator = self.crew.evaluator(tally, stop, WEIGHTS[job.asked.priority])
            pool = pooled(plan, evaluator, store, store, self.front, told, tally, stop)
            outcome = resume(plan.spec, replace(held.enter_context(pool), read=read, recall=follower.recall))
            self.acknowledged.finished(run, outcome.digest, store.epoch(run))
            return outcome


def _obey_or_take_back(store: SqlStore, job: Job, run: str) -> None:
    """Stop when a user asked for it and the process died before it could; a new job takes that back."""
    if job.attempts > 1:
        raise Interrupted(f"run {run} was asked to stop before it was taken up again")
    store.submit(run)
