"""Jobs that wait for a coordinator, and those that it works on."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, Protocol

from genepool.jobs import Job, JobState, NewJob, Priority, Schedule


class JobQueue(Protocol):
    """Jobs of every kind; none is lost, and no two workers do one at once.

    A worker holds a job by a lease that its heartbeats renew. A lease that runs out lets another worker take
    the job, under a higher epoch; the first one is fenced then, and can write nothing more of it.
    """

    def submit(self, asked: NewJob) -> Job:
        """Queue a job, or return the one that was submitted under the same idempotency key.

        Raises
        ------
        JobConflict
            When something else was submitted under that key.
        JobNotFound
            When its parent, or one that it comes after, is not there.
        """
        ...

    def submit_batch(self, whole: NewJob, parts: Sequence[NewJob]) -> Sequence[Job]:
        """Queue a job and its parts, all of them or none; return it, and then the parts.

        It comes after its parts, and its idempotency key stands for them too.

        Raises
        ------
        JobConflict, JobNotFound
            As ``submit``.
        """
        ...

    def job(self, number: int) -> Job:
        """Return one job.

        Raises
        ------
        JobNotFound
            When there is none of that number.
        """
        ...

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
        """Return up to ``count`` jobs with a number below ``before``, the newest first.

        A filter that is empty lets all in.
        """
        ...

    def take(
        self, kinds: Collection[str], least: Priority = "batch", family: int | None = None
    ) -> Job | None:
        """Claim the job that is done next, None when none can be done now.

        First those whose worker died, then by priority, then the oldest. A job waits for those that it comes
        after, and for its parent's parts that run already where these are limited.

        Parameters
        ----------
        kinds
            Those that the worker can do.
        least
            The lowest priority that it takes.
        family
            A job: it and its parts are taken alone; None for any.
        """
        ...

    def beat(self, job: Job, progress: Mapping[str, Any], seconds: float) -> JobState:
        """Renew the claim and note how far the job is; return its state, which a user may have changed.

        Raises
        ------
        Fenced
            When another worker has it, or it has ended.
        """
        ...

    def end(
        self,
        job: Job,
        state: Literal["done", "failed", "cancelled", "expired"],
        result: Mapping[str, Any] | None = None,
        error: str = "",
    ) -> None:
        """Note how a claimed job ended; the same end again changes nothing.

        Raises
        ------
        Fenced
            When another worker has it, or it has ended otherwise.
        """
        ...

    def put_back(self, job: Job) -> None:
        """Queue a claimed job again, with its progress: this worker stops.

        Raises
        ------
        Fenced
            When another worker has it, or it has ended.
        """
        ...

    def let_go(self, job: Job) -> None:
        """Work on a job no more, though nothing of that could be written: its claim is anybody's to take up.

        A queue does not give a job to a second worker while one of its own has it.
        """
        ...

    def cancel(self, number: int) -> Job:
        """Ask for the end of a job and of its parts; one that nobody has taken ends at once.

        Raises
        ------
        JobNotFound
            When there is none of that number.
        """
        ...

    def retry(self, number: int, time_limit: float | None = None) -> Job:
        """Queue a job that failed, was cancelled or expired; it resumes where its kind can.

        Parameters
        ----------
        number
            Which one.
        time_limit
            Seconds that it may take now; None for as many as before.

        Raises
        ------
        JobNotFound
            When there is none of that number.
        JobConflict
            When it is done, or has not ended.
        """
        ...


class JobSchedule(Protocol):
    """Jobs that are submitted again and again."""

    def plan(self, asked: NewJob, every_seconds: float) -> Schedule:
        """Submit a job every so many seconds, for the first time when as many have passed."""
        ...

    def planned(self) -> Sequence[Schedule]:
        """Return all of them, the next first."""
        ...

    def unplan(self, number: int) -> None:
        """Submit it no more.

        Raises
        ------
        JobNotFound
            When there is none of that number.
        """
        ...

    def submit_due(self) -> Sequence[Job]:
        """Submit what is due, each once, however many coordinators ask.

        What was missed while no coordinator was there is not made up for.
        """
        ...
