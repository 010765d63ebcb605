"""What happens to the services that the coordinator needs."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

# What the history was asked for.
StoreStage: TypeAlias = Literal["read", "record", "lease"]
# What the fitness cache knew of a genome.
CacheAnswer: TypeAlias = Literal["hit", "miss", "corrupt"]
CacheStage: TypeAlias = Literal["read", "write"]
# Which service keeps runs waiting.
Hindrance: TypeAlias = Literal["journal", "cluster", "history"]
StatusClass: TypeAlias = Literal["2xx", "3xx", "4xx", "5xx"]
# What became of a job, as a worker logs it.
JobEnd: TypeAlias = Literal["done", "failed", "cancelled", "expired", "put_back", "put_off", "lost"]


@dataclass(frozen=True, slots=True)
class CacheAnswered:
    """So many lookups had this answer."""

    answer: CacheAnswer
    count: int


@dataclass(frozen=True, slots=True)
class CacheTook:
    """A round trip to the cache ended after so long, answered or not."""

    stage: CacheStage
    seconds: float


@dataclass(frozen=True, slots=True)
class CacheReachable:
    """The cache went away or came back."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class StoreTook:
    """A transaction of the history took so long."""

    stage: StoreStage
    seconds: float


@dataclass(frozen=True, slots=True)
class StoreReachable:
    """The history went away or came back."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Hindered:
    """A service keeps runs waiting; told as often as it is noticed, with no reason when that is over."""

    by: Hindrance
    reason: str | None


@dataclass(frozen=True, slots=True)
class JournalHolds:
    """So many generations, in so many bytes, are acknowledged and not yet in the history."""

    generations: int
    size: int


@dataclass(frozen=True, slots=True)
class WriteRefused:
    """The history refused a write, since another coordinator has claimed the run."""


@dataclass(frozen=True, slots=True)
class AnnotationLost:
    """Grafana did not take the mark of an event."""


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """A request of HTTP was answered after so long.

    Parameters
    ----------
    route
        As it was declared, such as ``/v1/runs/{run}``; ``none`` for an address that there is not.
    status
        Its class, such as ``2xx``.
    seconds
        Until the answer was whole; None for a stream, which ends when its listener leaves.
    """

    route: str
    status: StatusClass
    seconds: float | None


@dataclass(frozen=True, slots=True)
class ListenersCounted:
    """So many hear the news of the service."""

    listeners: int


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A worker of this service is done with a job, or put it back."""

    kind: str
    end: JobEnd


@dataclass(frozen=True, slots=True)
class JobsCounted:
    """So many jobs wait, and so many are worked on, by all workers."""

    queued: int
    running: int


ServiceEvent: TypeAlias = (
    CacheAnswered
    | CacheTook
    | CacheReachable
    | StoreTook
    | StoreReachable
    | Hindered
    | JournalHolds
    | WriteRefused
    | AnnotationLost
    | RequestAnswered
    | ListenersCounted
    | JobEnded
    | JobsCounted
)
