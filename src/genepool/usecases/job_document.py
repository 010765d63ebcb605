"""A job of the queue as a document."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genepool.jobs import Job, JobState, Priority, Schedule
from genepool.ports import JobQueue
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class JobDocument(Document):
    """A job; its members are those of ``Job`` and of what was asked for."""

    id: int
    kind: str
    state: JobState
    run: str | None
    parent: int | None
    after: tuple[int, ...]
    priority: Priority
    request: Mapping[str, Any]
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str | None
    attempts: int
    seconds: float
    time_limit: float
    submitted_at: str
    started_at: str | None
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class ScheduleDocument(Document):
    """A job that is submitted again and again."""

    id: int
    kind: str
    request: Mapping[str, Any]
    every_seconds: float
    next_at: str


def job_document(job: Job) -> JobDocument:
    """Return a job as a document."""
    asked = job.asked
    return JobDocument(
        id=job.id,
        kind=asked.kind,
        state=job.state,
        run=asked.run,
        parent=asked.parent,
        after=asked.after,
        priority=asked.priority,
        request=asked.request,
        progress=job.progress,
        result=job.result,
        error=job.error or None,
        attempts=job.attempts,
        seconds=round(job.seconds, 3),
        time_limit=asked.time_limit,
        submitted_at=job.submitted_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )


@dataclass(frozen=True, slots=True)
class JobPage(Document):
    """Some of the jobs, the newest first; ``before`` asks for the next ones, None after the last."""

    jobs: Sequence[JobDocument]
    before: int | None


def page_jobs(
    queue: JobQueue,
    states: Collection[JobState],
    run: str | None,
    before: int | None,
    count: int,
    kinds: Collection[str] = (),
) -> JobPage:
    """Return up to so many jobs with a number below ``before``.

    Parameters
    ----------
    queue, states, run, before, count, kinds
        As ``JobQueue.jobs``.
    """
    found = queue.jobs(states=states, kinds=kinds, run=run, before=before, count=count + 1)
    shown = found[:count]
    return JobPage([job_document(job) for job in shown], shown[-1].id if len(found) > count else None)


def schedule_document(schedule: Schedule) -> ScheduleDocument:
    """Return a schedule as a document."""
    asked = schedule.asked
    return ScheduleDocument(schedule.id, asked.kind, asked.request, schedule.every_seconds, schedule.next_at)
