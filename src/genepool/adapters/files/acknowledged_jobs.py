"""A queue of jobs that says in the log of acknowledgements what users and workers were told."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.jobs import Job, JobState, NewJob, Priority, Schedule
from genepool.pool.job_worker import Jobs


class AcknowledgedJobs:
    """``Jobs`` that appends a line on each job that is queued, retried or ended, before its caller hears.

    Parameters
    ----------
    jobs
        The queue.
    log
        The log.
    """

    def __init__(self, jobs: Jobs, log: AcknowledgedLog) -> None:
        self._jobs = jobs
        self._log = log

    def submit(self, asked: NewJob) -> Job:
        """Queue a job, or return the one that was submitted under the same idempotency key."""
        job = self._jobs.submit(asked)
        self._log.job_queued(job.id)
        return job

    def submit_batch(self, whole: NewJob, parts: Sequence[NewJob]) -> Sequence[Job]:
        """Queue a job and its parts, all of them or none."""
        submitted = self._jobs.submit_batch(whole, parts)
        for job in submitted:
            self._log.job_queued(job.id)
        return submitted

    def retry(self, number: int, time_limit: float | None = None) -> Job:
        """Queue a job that failed, was cancelled or expired."""
        job = self._jobs.retry(number, time_limit)
        self._log.job_retried(job.id, job.epoch)
        return job

    def end(
        self,
        job: Job,
        state: Literal["done", "failed", "cancelled", "expired"],
        result: Mapping[str, Any] | None = None,
        error: str = "",
    ) -> None:
        """Note how a claimed job ended."""
        self._jobs.end(job, state, result, error)
        self._log.job_ended(job.id, state, job.epoch)

    def job(self, number: int) -> Job:
        """Return one job."""
        return self._jobs.job(number)

    def jobs(
        self,
        *,
        states: Collection[JobState] = (),
        kinds: Collection[str] = (),
        run: str | None = None,
        parent: int | None = None,
        before: int | None = None,
        count: int = 100,
    ) -> Sequence[Job]:
        """Return up to ``count`` jobs with a number below ``before``, the newest first."""
        return self._jobs.jobs(states=states, kinds=kinds, run=run, parent=parent, before=before, count=count)

    def take(
        self, kinds: Collection[str], least: Priority = "batch", family: int | None = None
    ) -> Job | None:
        """Claim the job that is done next, None when none can be done now."""
        return self._jobs.take(kinds, least, family)

    def beat(self, job: Job, progress: Mapping[str, Any], seconds: float) -> JobState:
        """Renew the claim and note how far the job is."""
        return self._jobs.beat(job, progress, seconds)

    def put_back(self, job: Job) -> None:
        """Queue a claimed job again, with its progress."""
        self._jobs.put_back(job)

    def let_go(self, job: Job) -> None:
        """Work on a job no more, though nothing of that could be written."""
        self._jobs.let_go(job)

    def cancel(self, number: int) -> Job:
        """Ask for the end of a job and of its parts."""
        return self._jobs.cancel(number)

    def plan(self, asked: NewJob, every_seconds: float) -> Schedule:
        """Submit a job every so many seconds."""
        return self._jobs.plan(asked, every_seconds)

    def planned(self) -> Sequence[Schedule]:
        """Return all schedules, the next first."""
        return self._jobs.planned()

    def unplan(self, number: int) -> None:
        """Submit it no more."""
        self._jobs.unplan(number)

    def submit_due(self) -> Sequence[Job]:
        """Submit what is due; nobody is told of it."""
        return self._jobs.submit_due()
