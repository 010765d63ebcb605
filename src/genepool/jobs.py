"""What the queue of jobs remembers: work that a coordinator does for a user who need not wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

JobState: TypeAlias = Literal["queued", "running", "cancelling", "done", "failed", "cancelled", "expired"]
# In the order in which they are taken: a person waits for an interactive one.
Priority: TypeAlias = Literal["interactive", "normal", "batch"]

PRIORITIES: tuple[Priority, ...] = ("interactive", "normal", "batch")
# How much of the workers' time jobs get that run at once, one beside the other.
WEIGHTS: Mapping[Priority, float] = {"interactive": 8.0, "normal": 2.0, "batch": 1.0}
ENDED: frozenset[JobState] = frozenset({"done", "failed", "cancelled", "expired"})
# What a job may take unless its user says otherwise.
TIME_LIMIT_SECONDS = 12 * 3600.0

# An interactive job that has taken longer gives its kept place to one that has not, and waits for the next.
BRIEF_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class NewJob:
    """What is asked for.

    Parameters
    ----------
    kind
        What is to be done, such as ``evolve``.
    request
        Its terms, as values that JSON has.
    priority
        Whether a person waits for it.
    time_limit
        Seconds of work after which it ends as ``expired``; ``retry`` resumes it.
    attempts_at_most
        How often it is taken up while its coordinators die; None for as often as it takes.
    idempotency_key
        Submitted twice under one key, it is one job; empty for none.
    run
        The run that it is about; None where there is none.
    parent
        The job that it is a part of.
    after
        Jobs that must have ended before, however they ended.
    together
        How many of its parts may run at once; None for all.
    """

    kind: str
    request: Mapping[str, Any] = field(default_factory=dict)
    priority: Priority = "normal"
    time_limit: float = TIME_LIMIT_SECONDS
    attempts_at_most: int | None = None
    idempotency_key: str = ""
    run: str | None = None
    parent: int | None = None
    after: tuple[int, ...] = ()
    together: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the queue.

    Parameters
    ----------
    id
        Its number; later ones have higher numbers.
    asked
        What was asked for.
    state
        Where it stands.
    epoch
        How often a worker took it; a worker writes under the epoch of its own claim.
    attempts
        How often a worker took it since it was submitted or retried.
    seconds
        Seconds of work until the newest heartbeat, over all attempts.
    progress
        How far it is, as its kind tells.
    result
        What it found, as its kind tells; None before its end.
    error
        Why it ended otherwise than ``done``; empty when it did not.
    submitted_at, started_at, ended_at
        ISO 8601 in UTC; None for what has not happened.
    """

    id: int
    asked: NewJob
    state: JobState
    epoch: int
    attempts: int
    seconds: float
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str
    submitted_at: str
    started_at: str | None
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that is submitted again and again.

    Parameters
    ----------
    id
        Its number.
    asked
        What is submitted.
    every_seconds
        How often.
    next_at
        When it is submitted next, ISO 8601 in UTC.
    """

    id: int
    asked: NewJob
    every_seconds: float
    next_at: str
