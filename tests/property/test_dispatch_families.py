"""Over the generations each fit is computed on one seat as a rule, while seconds stay shared evenly."""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from genepool.randomness import Purpose, generator
from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import DispatchRules, Family, Handout, Work

FIT_SECONDS, OTHER_SECONDS = 0.08, 0.0005
ROUND_TRIP = 0.003


@dataclass
class Cluster:
    """Seats that keep what they fitted; a fit that a seat has costs it nothing."""

    seats: int
    fitted: dict[int, set[Family]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    now: float = 0.0

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(DispatchRules())
        for seat in range(self.seats):
            self.dispatcher.seat_joined(seat, str(seat), "memory", 0.0)

    @property
    def fits(self) -> int:
        """Fits so far, on all seats together."""
        return sum(map(len, self.fitted.values()))

    def evaluate(self, families: list[Family], *, told: bool) -> None:
        """Have a generation evaluated by a dispatcher that is told of families, or is not."""
        tickets = self.dispatcher.ask([Work("tree", "memory", one if told else ()) for one in families])
        of = dict(zip(tickets, families, strict=True))
        answers: list[tuple[float, int, Handout, float]] = []
        free: dict[int, float] = defaultdict(float)
        while self.dispatcher.open:
            for order in self.dispatcher.handouts(self.now):
                seconds = self._work(order, of)
                begins = max(self.now + ROUND_TRIP, free[order.seat])
                free[order.seat] = begins + seconds
                heapq.heappush(answers, (begins + seconds, order.batch, order, seconds))
            self.now, _, order, seconds = heapq.heappop(answers)
            timed = {"tree": (len(order.tickets), seconds)}
            assert self.dispatcher.answered(order.seat, order.batch, timed, 0.0, self.now)
            self.seconds[order.seat] += seconds

    def _work(self, order: Handout, of: dict[int, Family]) -> float:
        fresh = {of[ticket] for ticket in order.tickets} - self.fitted[order.seat]
        self.fitted[order.seat] |= fresh
        return FIT_SECONDS * len(fresh) + OTHER_SECONDS * len(order.tickets)


def generations(count: int, size: int, families: int) -> list[list[Family]]:
    """Draw families of genomes, as a population that is still wide has them."""
    rng = generator(5, Purpose.BENCHMARK)
    return [[(float(one),) for one in rng.integers(0, families, size)] for _ in range(count)]


@pytest.mark.parametrize("seats", [2, 8])
def test_hardly_a_fit_is_computed_twice(seats: int) -> None:
    told, untold = Cluster(seats), Cluster(seats)
    drawn = generations(6, 300, 400)
    for families in drawn:
        told.evaluate(families, told=True)
        untold.evaluate(families, told=False)
    needed = len({one for families in drawn for one in families})
    assert told.fits < 1.25 * needed
    assert untold.fits > 1.6 * needed
    assert told.now < 0.85 * untold.now


@pytest.mark.parametrize("seats", [2, 8])
def test_seconds_stay_shared_evenly(seats: int) -> None:
    cluster = Cluster(seats)
    for families in generations(6, 300, 400):
        cluster.evaluate(families, told=True)
    fair = sum(cluster.seconds.values()) / seats
    assert all(abs(seconds / fair - 1) < 0.1 for seconds in cluster.seconds.values())
