"""The service's own workers: threads that take jobs, one of them only what a person waits for."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from typing import cast, get_args

import structlog

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.files.acknowledged_jobs import AcknowledgedJobs
from genepool.adapters.store.job_queue import SqlJobQueue
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.job_heart import JobHeart
from genepool.bootstrap.job_kinds import Breeding, Evaluating, Means, job_kinds
from genepool.bootstrap.job_log import JobLog
from genepool.bootstrap.stores import open_store
from genepool.errors import StoreError
from genepool.jobs import Job, Priority
from genepool.pool.job_worker import AWAY_SECONDS, JobWorker
from genepool.ports import JobEnd, JobEnded, JobQueue, JobsCounted, Watcher
from genepool.resilience.time_limited_call import pause
from genepool.settings import Settings

# What a batch of genomes takes at most, and a while.
_END_SECONDS = 60.0
_CENSUS_SECONDS = 5.0


def seats(count: int) -> Sequence[Priority]:
    """Return the lowest priority that each worker takes.

    The last one is kept for jobs that a person waits for: jobs of twelve hours never hold them all.
    """
    any_job: Priority = "batch"
    return [*[any_job] * (count - 1), "interactive"]


@contextmanager
def job_threads(
    settings: Settings,
    name: str,
    breeding: Breeding,
    evaluating: Evaluating,
    stopping: Callable[[], bool],
    watcher: Watcher,
    acknowledged: AcknowledgedLog,
) -> Iterator[None]:
    """Have jobs done while the context lasts; those that are begun then wait again.

    Parameters
    ----------
    settings
        They name the history and the folders, and say how many jobs are done at once.
    name
        Of this service, the same when it starts again: it takes its jobs up at once.
    breeding
        Says what breeds the run of a job.
    evaluating
        Yields who evaluates for a job that breeds no run.
    stopping
        Tells whether the service has to stop.
    watcher
        Told how many jobs there are, what becomes of those of this service, and what nulls found.
    acknowledged
        The log of how they ended.

    Raises
    ------
    ConfigError, StoreError
        When the history cannot be used.
    """
    over = threading.Event()

    def ending() -> bool:
        return over.is_set() or stopping()

    with ExitStack() as held:
        workers = []
        for number, least in enumerate(seats(settings.job_workers)):
            # A queue of its own: two claims under one name would be one.
            store = held.enter_context(closing(open_store(settings, f"{name}/{number}")))
            queue = AcknowledgedJobs(store.jobs, acknowledged)
            kinds = job_kinds(Means(settings, store, breeding, evaluating, watcher))
            gives_way = partial(store.jobs.brief_waits, tuple(kinds)) if least == "interactive" else _never
            worker = JobWorker(
                queue,
                kinds,
                partial(_heart, queue, ending, gives_way),
                ending,
                partial(pause, interrupted=ending),
                partial(_tell, JobLog(), watcher),
                least,
            )
            working = partial(keep_working, worker.work, ending, partial(over.wait, AWAY_SECONDS))
            workers.append(threading.Thread(target=working, name=f"jobs-{number}-{least}", daemon=True))
        counter = held.enter_context(closing(open_store(settings, f"{name}/census")))
        workers.append(
            threading.Thread(target=_count, args=(counter.jobs, watcher, over), name="census", daemon=True)
        )
        for thread in workers:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in workers:
                thread.join(_END_SECONDS)


def keep_working(work: Callable[[], None], ending: Callable[[], bool], wait: Callable[[], object]) -> None:
    """Have a worker begin anew after a fault that no job explains: without its workers a service is none.

    Parameters
    ----------
    work
        Takes jobs until told to stop.
    ending
        Tells whether it is.
    wait
        Waits for a while after a fault.
    """
    while not ending():
        try:
            work()
        except Exception:  # noqa: BLE001 - the thread would end, and nobody would hear of it
            structlog.get_logger().exception("job_worker_failed")
            wait()


def _heart(
    queue: JobQueue, stopping: Callable[[], bool], gives_way: Callable[[], bool], job: Job
) -> JobHeart:
    return JobHeart(queue, job, SystemClock(), stopping, gives_way=gives_way)


def _never() -> bool:
    return False


def _count(queue: SqlJobQueue, watcher: Watcher, over: threading.Event) -> None:
    """Tell every few seconds how many jobs wait and run, whatever the workers are busy with."""
    while not over.wait(_CENSUS_SECONDS):
        with suppress(StoreError):
            watcher(JobsCounted(*queue.open_jobs()))


def _tell(log: JobLog, watcher: Watcher, event: str, job: Job | None, reason: str) -> None:
    log(event, job, reason)
    end = event.removeprefix("job_")
    if job is not None and end in get_args(JobEnd):
        watcher(JobEnded(job.asked.kind, cast("JobEnd", end)))
