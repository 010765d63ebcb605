"""Order a run: it is recorded now, and a worker of the service breeds it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from genepool.errors import ConfigError, JobConflict, RunExists
from genepool.history import RunState, RunSummary
from genepool.jobs import ENDED, TIME_LIMIT_SECONDS, Job, JobState, NewJob, Priority
from genepool.names import checked_run_name
from genepool.pool.budgets import enlarged
from genepool.pool.commands import PROGRAM
from genepool.ports import JobQueue, RunCatalogue, RunLog, RunQueue, TrialLedger
from genepool.ports.candles import CandleSource
from genepool.usecases.document import Document
from genepool.usecases.evolve_job import KIND, terms_of
from genepool.usecases.named_run import find_run
from genepool.usecases.start_run import NewRun, start_run

_OPEN: tuple[JobState, ...] = ("queued", "running", "cancelling")
_OVER: tuple[RunState, ...] = ("finished", "interrupted", "failed")
_KEY_SIGNS = 12
_SEARCHED = 100


class OrderBook(RunLog, RunCatalogue, TrialLedger, Protocol):
    """Where ordered runs are recorded."""


class RunningRuns(RunCatalogue, RunQueue, Protocol):
    """Runs that may be asked to stop."""


@dataclass(frozen=True, slots=True)
class Order:
    """How a run is bred that nobody waits for at a terminal.

    Parameters
    ----------
    priority, time_limit
        As in ``NewJob``.
    idempotency_key
        Ordered twice under one key, it is one run; empty for none.
    """

    priority: Priority = "interactive"
    time_limit: float = TIME_LIMIT_SECONDS
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class OrderedRun(Document):
    """A run that a worker breeds: its name, where it stands, and the job that breeds it."""

    run: str
    state: RunState
    job: int | None
    generations: int
    resumed: bool = field(default=False)


def order_run(
    asked: NewRun, source: CandleSource, history: OrderBook, jobs: JobQueue, order: Order
) -> OrderedRun:
    """Record a new run, and queue the job that breeds it.

    Raises
    ------
    DataError, ConfigError, StoreError
        As ``start_run``; under a key that was used before, the run of then is returned instead.
    JobConflict
        When something else was ordered under that key.
    """
    key = order.idempotency_key
    asked = replace(asked, run=checked_run_name(asked.run) if asked.run else _name_by(key))
    try:
        run = start_run(asked, source, history).spec.run
    except RunExists:
        if not key:
            raise
        run = asked.run
        _refuse_strange(run, key, jobs)
    job = jobs.submit(_job(order, run, terms_of(replace(asked, run=run))))
    return _ordered(run, history, job, resumed=False)


def order_resumption(
    name: str,
    budgets: Mapping[str, float | None],
    history: RunCatalogue,
    jobs: JobQueue,
    order: Order,
    program: str = PROGRAM,
) -> OrderedRun:
    """Queue the job that continues a recorded run, with larger budgets if any are given.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    JobConflict
        When it is bred already, or waits for that.
    ConfigError
        When a budget is smaller than the run's, or a finished run gets no larger one.
    """
    summary = find_run(name, history.summaries(), program)
    run = summary.spec.run
    if (busy := _breeding(run, jobs)) and not _same(busy[0], order):
        raise JobConflict(f"run {run} is bred by job {busy[0].id} already, which is {busy[0].state}")
    if not busy and summary.state not in _OVER:
        raise JobConflict(f"run {run} is {summary.state}: another process breeds it, stop it first")
    larger = enlarged(summary, budgets)
    if summary.state == "finished" and larger == summary.spec:
        raise ConfigError(f"run {run} is finished: give it more generations to continue it")
    job = jobs.submit(_job(order, run, {"budgets": dict(budgets)}))
    return _ordered(run, history, job, resumed=True)


def stop_ordered(name: str, history: RunningRuns, jobs: JobQueue, program: str = PROGRAM) -> OrderedRun:
    """Ask for the end of a run, whether it is bred or waits; it can be resumed.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    JobConflict
        When it has ended already.
    """
    summary = find_run(name, history.summaries(), program)
    run = summary.spec.run
    busy = _breeding(run, jobs)
    if not busy and summary.state in _OVER:
        raise JobConflict(f"run {run} has ended already: it is {summary.state}")
    job = jobs.cancel(busy[0].id) if busy else None
    if job is None or job.state not in ENDED:
        history.request_stop(run)
    return _ordered(run, history, job, resumed=False)


def _breeding(run: str, jobs: JobQueue) -> list[Job]:
    """Return the jobs that breed a run, or will; others may write its report meanwhile."""
    return [job for job in jobs.jobs(run=run, states=_OPEN, count=_SEARCHED) if job.asked.kind == KIND]


def _name_by(key: str) -> str:
    return f"run-{hashlib.sha256(key.encode()).hexdigest()[:_KEY_SIGNS]}" if key else ""


def _refuse_strange(run: str, key: str, jobs: JobQueue) -> None:
    known = jobs.jobs(run=run, count=100)
    if known and all(job.asked.idempotency_key != key for job in known):
        raise RunExists(f"there is a run {run} already, which was not ordered under this key: choose a name")


def _job(order: Order, run: str, request: Mapping[str, object]) -> NewJob:
    return NewJob(
        KIND,
        request,
        order.priority,
        order.time_limit,
        idempotency_key=order.idempotency_key,
        run=run,
    )


def _same(job: Job, order: Order) -> bool:
    return bool(order.idempotency_key) and job.asked.idempotency_key == order.idempotency_key


def _ordered(run: str, history: RunCatalogue, job: Job | None, *, resumed: bool) -> OrderedRun:
    summary: RunSummary = next(one for one in history.summaries() if one.spec.run == run)
    return OrderedRun(run, summary.state, None if job is None else job.id, summary.generations, resumed)
