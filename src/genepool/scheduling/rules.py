"""The numbers that dispatching over a cluster goes by, and what is known of a batch and of a seat."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from genepool.errors import ConfigError

# How a seat was lost, or what a batch did to it.
Loss: TypeAlias = Literal["worker_died", "deadline", "node_left", "out_of_memory", "broke_off"]
Kind: TypeAlias = str
Family: TypeAlias = tuple[float, ...]

# The wall-clock cost of keeping one more seat fed: beyond 200 seats batches grow with the crew.
_SECONDS_PER_SEAT = 0.001


@dataclass(frozen=True, slots=True)
class DispatchRules:
    """The numbers that dispatching goes by.

    Parameters
    ----------
    batch_size
        Genomes in a batch at most; None to go by seconds alone.
    batch_seconds
        Work that a batch aims at.
    least_seconds
        Work below which batches do not shrink towards the end.
    deadline_floor
        Seconds before which no batch is doubted.
    first_deadline
        The same for a batch whose cost is unknown yet.
    deadline_factor
        A batch is doubted after its expected seconds times this.
    kill_factor
        Its seat is given up after this number of deadlines.
    batch_losses
        Lost processes after which a batch is taken apart.
    lone_failures
        Failures of a genome on a seat of its own after which it counts as failed.
    node_losses
        Lost nodes that are not held against a batch.
    """

    batch_size: int | None = None
    batch_seconds: float = 0.4
    least_seconds: float = 0.02
    deadline_floor: float = 5.0
    first_deadline: float = 30.0
    deadline_factor: float = 8.0
    kill_factor: float = 4.0
    batch_losses: int = 2
    lone_failures: int = 2
    node_losses: int = 5

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_size < 1:
            raise ConfigError(f"batches of {self.batch_size} genomes are impossible: give at least 1")

    def seconds_for(self, waiting_seconds: float, seats: int) -> float:
        """Return the work that the next batch should hold: less towards the end, so that all end together."""
        target = max(self.batch_seconds, seats * _SECONDS_PER_SEAT)
        return min(target, max(self.least_seconds, waiting_seconds / (2 * max(seats, 1))))

    def deadline(self, patience: float | None) -> float:
        """Return the seconds after which a batch is doubted."""
        if patience is None:
            return max(self.first_deadline, self.deadline_floor)
        return max(self.deadline_floor, self.deadline_factor * patience)


@dataclass(frozen=True, slots=True)
class Work:
    """One genome as far as dispatching cares.

    Parameters
    ----------
    strategy
        Name of its strategy: what its cost is known by.
    kind
        Kind of seat that suits it.
    family
        Those of one strategy and family share what is costly, once it has been computed on a seat; empty
        for one that shares nothing worth mentioning.
    """

    strategy: str
    kind: Kind
    family: Family = ()


@dataclass(eq=False, slots=True)
class Batch:
    """Genomes that are evaluated together.

    Parameters
    ----------
    number
        Its name; no two batches share one.
    tickets
        The genomes.
    names
        What the costs of its genomes go by.
    kind
        Kind of seat that suits it.
    request
        The request that its genomes belong to.
    deadline
        Seconds after which it is doubted.
    suspect
        Whether it may have killed its process: it gets a seat of its own.

    Attributes
    ----------
    solo
        Whether memory ran short while it ran: no other such batch may run beside it.
    settled
        Whether it was answered, taken apart or condemned.
    losses, node_losses
        Times that it is blamed for, and nodes that it went down with.
    unproven
        Nodes on which it fell silent and that gave no sign of life since: theirs may be the fault.
    copies
        Seats that hold it.
    """

    number: int
    tickets: tuple[int, ...]
    names: tuple[str, ...]
    kind: Kind
    request: int = 0
    deadline: float = 0.0
    suspect: bool = False
    solo: bool = False
    settled: bool = False
    losses: int = 0
    node_losses: int = 0
    unproven: list[str] = field(default_factory=list)
    copies: set[int] = field(default_factory=set)


@dataclass(slots=True)
class HeldBatch:
    """A batch on a seat: since when, whether the seat was idle then, and what it is expected to take."""

    batch: Batch
    handed: float
    to_idle: bool
    started: float
    expected: float = 0.0


@dataclass(eq=False, slots=True)
class SeatState:
    """What is known of one seat.

    Parameters
    ----------
    number
        Its name; no two seats ever share one.
    node, kind
        Where it is.

    Attributes
    ----------
    silent
        Whether it is beyond its deadline.
    leaving
        Whether it may finish what it holds and no more.
    held
        Its batches, the one that it is at first.
    computed
        Seconds that it spent on what was asked last; one that joins later starts where the others are.
    pace
        The part of its time that it may compute; 0 for one that its machine's budget leaves idle.
    """

    number: int
    node: str
    kind: Kind
    silent: bool = False
    leaving: bool = False
    held: deque[HeldBatch] = field(default_factory=deque)
    computed: float = 0.0
    pace: float = 1.0

    @property
    def usable(self) -> bool:
        """Whether it may be given work."""
        return not self.silent and not self.leaving

    @property
    def doubted_at(self) -> float:
        """When it is beyond the deadline of the batch that it is at."""
        return self.held[0].started + self.held[0].batch.deadline

    def given_up_at(self, deadlines: float) -> float:
        """Return when it is beyond so many deadlines of the batch that it is at."""
        return self.held[0].started + deadlines * self.held[0].batch.deadline

    def due_at(self, deadlines: float) -> float:
        """Return when it is doubted, or given up if it is doubted already."""
        return self.given_up_at(deadlines) if self.silent else self.doubted_at


@dataclass(frozen=True, slots=True)
class Handout:
    """An order: this seat evaluates these genomes."""

    seat: int
    batch: int
    tickets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Condemned:
    """A genome that is given up, and why."""

    ticket: int
    loss: Loss


@dataclass(frozen=True, slots=True)
class Accepted:
    """A first answer: its genomes, and from when the seat could work on them until it was read."""

    tickets: tuple[int, ...]
    compute_seconds: float
    turnaround_seconds: float


@dataclass(slots=True)
class Orders:
    """What is to be done since it was last asked."""

    give_up: list[int] = field(default_factory=list)
    retries: list[Loss] = field(default_factory=list)
    condemned: list[Condemned] = field(default_factory=list)


def preferences(kind: Kind, kinds: Sequence[Kind]) -> list[Kind]:
    """Return the queues in the order in which a seat of a kind serves them: its own first."""
    return sorted(kinds, key=lambda other: (other != kind, other))
