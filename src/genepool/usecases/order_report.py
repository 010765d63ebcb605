"""Order the report of a recorded run, or of a batch: a worker of the service writes it."""

from genepool.jobs import Job, JobState, NewJob
from genepool.pool.commands import PROGRAM
from genepool.ports import JobQueue, RunCatalogue
from genepool.usecases.market_batch import batch_name
from genepool.usecases.named_run import find_run
from genepool.usecases.report_batch import checked_batch

KIND = "report"
_OPEN: tuple[JobState, ...] = ("queued", "running")
_SEARCHED = 100


def order_report(
    name: str, history: RunCatalogue, jobs: JobQueue, idempotency_key: str = "", program: str = PROGRAM
) -> Job:
    """Queue the job that writes a run's report; one that waits already, or is under way, is returned instead.

    Parameters
    ----------
    name
        What the user calls the run.
    history, jobs
        Where it is recorded, and the queue.
    idempotency_key
        Ordered twice under one key, it is one job; empty for none.
    program
        How the user calls the program.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    JobConflict
        When something else was ordered under that key.
    """
    run = find_run(name, history.summaries(), program).spec.run
    waiting = [one for one in jobs.jobs(run=run, states=_OPEN, count=_SEARCHED) if one.asked.kind == KIND]
    if waiting and not idempotency_key:
        return waiting[0]
    asked = NewJob(KIND, {"run": run}, "interactive", idempotency_key=idempotency_key, run=run)
    return jobs.submit(asked)


def order_batch_report(number: int, jobs: JobQueue, idempotency_key: str = "") -> Job:
    """Queue the job that writes a batch's report anew, with what its parts have found by then.

    Parameters
    ----------
    number
        Of the batch.
    jobs
        The queue.
    idempotency_key
        As for ``order_report``.

    Raises
    ------
    JobNotFound
        When there is no such batch.
    JobConflict
        When something else was ordered under that key.
    """
    asked = {"run": batch_name(checked_batch(jobs.job(number)))}
    waiting = [
        one for one in jobs.jobs(states=_OPEN, kinds=(KIND,), count=_SEARCHED) if one.asked.request == asked
    ]
    if waiting and not idempotency_key:
        return waiting[0]
    return jobs.submit(NewJob(KIND, asked, "interactive", idempotency_key=idempotency_key))
