"""A worker takes jobs from the queue, one after the other, and sees to it that each has an end."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from genepool.errors import Fenced, GenepoolError, Interrupted, ServiceUnavailable, StoreAway
from genepool.jobs import Job, Priority
from genepool.pool.stop_request import StopRequest
from genepool.ports import JobQueue, JobSchedule

IDLE_SECONDS = 1.0
AWAY_SECONDS = 2.0

# Why a job was broken off before its kind had finished it; empty where nothing broke it off.
BrokenOff: TypeAlias = Literal["", "cancelled", "expired", "fenced", "giving way", "stopping"]


class Attempt(Protocol):
    """One worker's try at a job, while its heart beats."""

    @property
    def job(self) -> Job:
        """The job, as it was claimed."""
        ...

    @property
    def stop(self) -> StopRequest:
        """Asks the kind to stop between two steps; what it has done by then is kept."""
        ...

    @property
    def broken_off(self) -> BrokenOff:
        """Why it asks."""
        ...

    def tell(self, progress: Mapping[str, Any]) -> None:
        """Note how far the job is; the next heartbeat writes it."""
        ...


# Does a job, or resumes it where an earlier attempt stopped, and returns what it found. It raises
# ``Interrupted`` when it was asked to stop.
JobKind: TypeAlias = Callable[[Attempt], Mapping[str, Any]]


class Jobs(JobQueue, JobSchedule, Protocol):
    """The queue, and what is submitted to it again and again."""


@dataclass(frozen=True, slots=True)
class JobWorker:
    """Does jobs.

    Parameters
    ----------
    queue
        Where they come from.
    kinds
        What is done for a job of each kind that this worker can do.
    attempt
        Holds a claimed job by its heartbeats while the context lasts.
    stopping
        Tells whether the worker is told to stop.
    pause
        Waits so many seconds, or raises ``Interrupted`` when the worker is told to stop.
    tell
        Told what happens: a fixed word, the job, and a reason.
    least
        The lowest priority that it takes.
    family
        A job: it and its parts are taken alone; None for any.
    """

    queue: Jobs
    kinds: Mapping[str, JobKind]
    attempt: Callable[[Job], AbstractContextManager[Attempt]]
    stopping: Callable[[], bool]
    pause: Callable[[float], object]
    tell: Callable[[str, Job | None, str], None]
    least: Priority = "batch"
    family: int | None = None

    def work(self, *, until_empty: bool = False) -> None:
        """Take jobs until told to stop; whatever happens to one of them, the next is taken.

        Parameters
        ----------
        until_empty
            Whether to return when none can be done.
        """
        with suppress(Interrupted):
            while not self.stopping():
                job = self._next()
                if job is not None:
                    self._work_on(job)
                elif until_empty:
                    return
                else:
                    self.pause(IDLE_SECONDS)

    def _next(self) -> Job | None:
        while True:
            try:
                self.queue.submit_due()
                return self.queue.take(tuple(self.kinds), self.least, self.family)
            except StoreAway as error:
                self.tell("queue_away", None, str(error))
                self.pause(AWAY_SECONDS)

    def _work_on(self, job: Job) -> None:
        try:
            self.tell("job_taken", job, "")
            with self.attempt(job) as attempt:
                self._tried(job, attempt)
        except Fenced as error:
            # Another worker has it, and what it does there stands.
            self.tell("job_lost", job, str(error))
        except StoreAway as error:
            # How it ended could not be written: the next attempt finds what was done.
            self.tell("queue_away", job, str(error))
            self.pause(AWAY_SECONDS)
        finally:
            # Whatever happened: when its claim has run out, this worker may take it again like any other.
            self.queue.let_go(job)

    def _tried(self, job: Job, attempt: Attempt) -> None:
        try:
            found = self._done(job, attempt)
        except Interrupted as error:
            self._broken_off(job, attempt, str(error))
        except (StoreAway, ServiceUnavailable, Fenced) as error:
            # What it needs is away, or another process owns its run: none of it the job's fault.
            self.tell("job_put_off", job, str(error))
            self.queue.put_back(job)
            self.pause(AWAY_SECONDS)
        except GenepoolError as error:
            self._failed(job, str(error), error.exit_code)
        except Exception as error:  # noqa: BLE001 - a fault that one job meets must not stop all others
            self._failed(job, f"{type(error).__name__}: {error}", GenepoolError.exit_code)
        else:
            self.queue.end(job, "done", found)
            self.tell("job_done", job, "")

    def _done(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
        if job.state == "cancelling":
            # Its user asked for its end while its last worker was dead.
            raise Interrupted("cancelled before it was taken up again")
        return self.kinds[job.asked.kind](attempt)

    def _failed(self, job: Job, reason: str, exit_code: int) -> None:
        # A command that waits for it leaves with this code.
        self.queue.end(job, "failed", {"exit_code": exit_code}, reason)
        self.tell("job_failed", job, reason)

    def _broken_off(self, job: Job, attempt: Attempt, reason: str) -> None:
        match attempt.broken_off:
            case "fenced":
                self.tell("job_lost", job, reason)
            case "giving way":
                self.queue.put_back(job)
                self.tell("job_put_back", job, "a short interactive job waits for its place")
            case "stopping":
                self.queue.put_back(job)
                self.tell("job_put_back", job, reason)
            case "expired":
                took = f"took its {job.asked.time_limit:g} s"
                self.queue.end(job, "expired", error=f"it {took}: retry it to resume it, with a larger limit")
                self.tell("job_expired", job, took)
            case _:
                # By its user: the job, or the run that it is about.
                self.queue.end(job, "cancelled", error=reason)
                self.tell("job_cancelled", job, reason)
