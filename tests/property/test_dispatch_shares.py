"""Each node's share of the seconds follows its CPUs, on small generations and from a cold start too."""

import heapq
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import DispatchRules, Handout, Work
from genepool.strategies import seed_strategies

# What genomes took on the shipped year of hourly candles.
PLAIN_SECONDS, LEARNING_SECONDS = 0.0002, 0.007


@dataclass
class Cluster:
    """Seats of given kinds, one a node, that do as they are told; a batch takes a round trip longer."""

    kinds: tuple[str, ...]
    round_trip: float = 0.003
    seconds: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    batches: Counter[int] = field(default_factory=Counter)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(DispatchRules())
        self._free_at = [0.0] * len(self.kinds)
        for number, kind in enumerate(self.kinds):
            self.dispatcher.seat_joined(number, str(number), kind, 0.0)

    def evaluate(self, works: list[Work]) -> float:
        """Let all be answered; return the seconds that it took."""
        began, answers = self.now, list[tuple[float, int, Handout]]()
        tickets = self.dispatcher.ask(works)
        strategies = {ticket: work.strategy for ticket, work in zip(tickets, works, strict=True)}
        while self.dispatcher.open:
            for order in self.dispatcher.handouts(self.now):
                heapq.heappush(answers, (self._end(order, strategies), order.batch, order))
            assert answers, "work waits, and nobody takes it"
            self.now, _, order = heapq.heappop(answers)
            self._answer(order, strategies)
        return self.now - began

    def _end(self, order: Handout, strategies: dict[int, str]) -> float:
        seconds = sum(seconds_of(strategies[ticket]) for ticket in order.tickets)
        begins = max(self.now + self.round_trip, self._free_at[order.seat])
        self._free_at[order.seat] = begins + seconds
        return begins + seconds

    def _answer(self, order: Handout, strategies: dict[int, str]) -> None:
        counts = Counter(strategies[ticket] for ticket in order.tickets)
        timed = {name: (count, count * seconds_of(name)) for name, count in counts.items()}
        assert self.dispatcher.answered(order.seat, order.batch, timed, 0.0, self.now)
        self.seconds[order.seat] += sum(seconds for _, seconds in timed.values())
        self.batches[order.seat] += 1

    def shares(self) -> list[float]:
        """Return each seat's share of the seconds, as a multiple of its share of the CPUs."""
        fair = sum(self.seconds.values()) / len(self.kinds)
        return [self.seconds[seat] / fair for seat in range(len(self.kinds))]


def seconds_of(strategy: str) -> float:
    """Return what a genome of a strategy takes."""
    return LEARNING_SECONDS if seed_strategies()[strategy].learning else PLAIN_SECONDS


def population(size: int, families: int = 0) -> list[Work]:
    """Return the default mix of strategies, learning ones of so many families in turn."""
    seeds = list(seed_strategies().values())
    picked = [(k, seeds[k % len(seeds)]) for k in range(size)]
    family = {k: (float(k % families),) if families and seed.learning else () for k, seed in picked}
    return [Work(seed.name, "memory" if seed.learning else "cpu", family[k]) for k, seed in picked]


@pytest.mark.parametrize("size", [100, 500])
@pytest.mark.parametrize("generations", [1, 5])
@pytest.mark.parametrize("round_trip", [0.001, 0.003, 0.01])
@pytest.mark.parametrize("families", [0, 1, 10, 1_000])
def test_two_nodes_of_different_kinds_share_the_seconds_from_a_cold_start(
    size: int, generations: int, round_trip: float, families: int
) -> None:
    cluster = Cluster(("cpu", "memory"), round_trip)
    for _ in range(generations):
        cluster.evaluate(population(size, families))
    assert cluster.shares() == pytest.approx([1, 1], rel=0.1)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(
    kinds=st.lists(st.sampled_from(["cpu", "memory"]), min_size=1, max_size=8).map(tuple),
    size=st.integers(1, 600),
    round_trip=st.floats(0, 0.02),
)
def test_no_seat_is_further_from_its_share_than_the_longest_genome(
    kinds: tuple[str, ...], size: int, round_trip: float
) -> None:
    cluster = Cluster(kinds, round_trip)
    cluster.evaluate(population(size))
    cluster.seconds.clear()
    cluster.evaluate(population(size))
    fair = sum(cluster.seconds.values()) / len(kinds)
    assert all(seconds - fair <= LEARNING_SECONDS + 1e-6 for seconds in cluster.seconds.values())


def test_leaving_the_rest_to_others_costs_next_to_no_time() -> None:
    cluster = Cluster(("cpu", "memory", "cpu", "memory"))
    cluster.evaluate(population(500))
    work = sum(seconds_of(work.strategy) for work in population(500))
    assert cluster.evaluate(population(500)) < work / 4 + 2 * LEARNING_SECONDS + 10 * cluster.round_trip


def test_of_untimed_strategies_one_genome_each_goes_before_any_second_one() -> None:
    cluster = Cluster(("cpu", "memory"))
    cluster.evaluate(population(140))
    assert cluster.batches.total() <= len(seed_strategies()) + 10


def test_a_request_that_joins_in_mid_generation_does_not_stop_the_others() -> None:
    cluster = Cluster(("cpu", "memory"))
    cluster.evaluate(population(100))
    made = cluster.dispatcher
    made.ask(population(1_000))
    for _ in range(5):
        for order in made.handouts(cluster.now):
            assert made.answered(order.seat, order.batch, {"rsi_filter": (1, 1.0)}, 0.0, cluster.now)
    made.seat_joined(2, "2", "cpu", cluster.now)
    assert {order.seat for order in made.handouts(cluster.now)} == {0, 1, 2}


def test_a_hung_seat_holds_the_others_back_no_longer_than_it_was_ahead_of() -> None:
    made = Dispatcher(DispatchRules())
    for number in (0, 1):
        made.seat_joined(number, str(number), "cpu", 0.0)
    made.ask([Work("s", "cpu")] * 3)
    first, hung = made.handouts(0.0)
    assert hung.seat == 1
    assert made.answered(first.seat, first.batch, {"s": (1, 1.0)}, 0.0, 1.0)
    assert [order.seat for order in made.handouts(1.0)] == [0]


@pytest.mark.parametrize("seats", [2, 250])
def test_dispatching_twenty_thousand_genomes_takes_the_coordinator_seconds_not_minutes(seats: int) -> None:
    cluster = Cluster(("cpu", "memory") * (seats // 2))
    works = population(20_000)
    began = time.process_time()
    cluster.evaluate(works)
    assert time.process_time() - began < 10
