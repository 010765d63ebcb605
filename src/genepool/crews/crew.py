"""What one dispatcher asks of any crew: an adapter starts the workers, sends, hears and ends them."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from genepool.backtest.problem import Problem
from genepool.crews.reply import Reply
from genepool.genome import Genome
from genepool.ports import Seat
from genepool.scheduling.rules import Loss


@dataclass(frozen=True, slots=True)
class Joined:
    """A worker that is ready.

    Parameters
    ----------
    number
        Its name.
    seat
        Where it is.
    cores
        Cores of its machine that workers may use; infinite where nothing limits them.
    share
        How much of these may work while nobody wishes for another share.
    """

    number: int
    seat: Seat
    cores: float = math.inf
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Departure:
    """A worker whose node drains or is gone; or is back, or has been gone for long enough."""

    number: int
    back: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class WorkerAnswer:
    """What a worker made of a batch: its reply, or how the worker was lost."""

    number: int
    batch: int
    reply: Reply | None
    loss: Loss | None


class Crew(Protocol):
    """Workers with numbers that are never used again, each of which evaluates one batch after the other."""

    @property
    def meet_seconds(self) -> float:
        """Seconds between looking for workers that join or leave."""
        ...

    @property
    def seats(self) -> list[Seat]:
        """The seats of all workers that are ready."""
        ...

    def seat(self, number: int) -> Seat:
        """Return the seat of a ready worker."""
        ...

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Have a problem ready for workers; others may go for it, but for those with a needed digest."""
        ...

    def departures(self, now: float) -> list[Departure]:
        """Return ready workers that are to leave, or stay after all."""
        ...

    def recruit(self, now: float) -> list[Joined]:
        """Start workers where there is room; return those that became ready since."""
        ...

    def fill(self, node: str, share: float) -> None:
        """Have as many workers on a machine as its share keeps busy, where this crew decides how many."""
        ...

    def mustering(self, now: float) -> bool:
        """Tell whether the first workers wait for others before any of them is fed."""
        ...

    def hand(self, number: int, batch: int, problem: str, genomes: Sequence[Genome]) -> None:
        """Give a worker a batch of genomes of a problem that is held."""
        ...

    def answers(self, seconds: float) -> list[WorkerAnswer]:
        """Wait for answers, at most so long; return early when a worker becomes ready."""
        ...

    def own_seconds(self) -> Mapping[str, float]:
        """Return the CPU seconds of this process since it was last asked, where workers share its machine."""
        ...

    def end(self, number: int) -> None:
        """Let a worker go, whatever it is at."""
        ...

    def dismiss(self) -> list[int]:
        """Let all workers go; return the numbers of those that were ready."""
        ...

    def close(self) -> None:
        """End all workers and let go of what they were sent; may be called twice."""
        ...
