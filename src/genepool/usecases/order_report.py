"""Order the report of a recorded run: a worker of the service writes it."""

from genepool.jobs import Job, JobState, NewJob
from genepool.pool.commands import PROGRAM
from genepool.ports import JobQueue, RunCatalogue
from genepool.usecases.named_run import find_run

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
