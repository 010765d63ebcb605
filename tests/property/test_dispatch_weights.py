"""Requests share the seats' time by their weights, from the moment that each of them comes."""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import DispatchRules, Handout, Work

RULES = DispatchRules()
weights_of_requests = st.lists(st.sampled_from([1.0, 2.0, 8.0, 0.3]), min_size=2, max_size=4)


@dataclass
class Shop:
    """Seats that do as they are told, on a clock of their own; a strategy's name is what a genome takes."""

    seats: int
    now: float = 0.0
    served: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    began: dict[int, float] = field(default_factory=dict)
    handed: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(RULES)
        self._asked: list[tuple[range, str]] = []
        self._answers: list[tuple[float, int, Handout]] = []
        self._free_at = [0.0] * self.seats
        for number in range(self.seats):
            self.dispatcher.seat_joined(number, "node", "cpu", 0.0)

    def ask(self, genomes: int, seconds: float, weight: float) -> int:
        """Ask for genomes that take so many seconds each; return the request's place."""
        name = str(seconds)
        tickets = self.dispatcher.ask([Work(name, "cpu")] * genomes, f"of {len(self._asked)}", weight)
        self._asked.append((tickets, name))
        return len(self._asked) - 1

    def work(self, until: float) -> None:
        """Let the seats work until a time, or until all is done."""
        while self.now < until:
            for order in self.dispatcher.handouts(self.now):
                self._begin(order)
            if not self._answers:
                return
            self.now, _, order = heapq.heappop(self._answers)
            place, seconds = self._of(order)
            self.served[place] += seconds
            timed = {self._asked[place][1]: (len(order.tickets), seconds)}
            assert self.dispatcher.answered(order.seat, order.batch, timed, 0.0, self.now)

    def _begin(self, order: Handout) -> None:
        place, seconds = self._of(order)
        self.began.setdefault(place, self.now)
        self.handed.append((place, len(order.tickets)))
        self._free_at[order.seat] = max(self.now, self._free_at[order.seat]) + seconds
        heapq.heappush(self._answers, (self._free_at[order.seat], order.batch, order))

    def _of(self, order: Handout) -> tuple[int, float]:
        place = next(k for k, (tickets, _) in enumerate(self._asked) if order.tickets[0] in tickets)
        return place, float(self._asked[place][1]) * len(order.tickets)


@settings(derandomize=True, deadline=None, max_examples=12)
@given(
    seats=st.integers(1, 4),
    weights=weights_of_requests,
    seconds=st.lists(st.sampled_from([0.03, 0.05, 0.1]), min_size=4, max_size=4),
)
def test_each_request_gets_its_weight_of_the_seats_time(
    seats: int, weights: list[float], seconds: list[float]
) -> None:
    shop = Shop(seats)
    for weight, each in zip(weights, seconds, strict=False):
        shop.ask(int(25 * seats / each), each, weight)
    shop.work(until=25.0)
    total = sum(shop.served.values())
    for place, weight in enumerate(weights):
        assert shop.served[place] / total == pytest.approx(weight / sum(weights), abs=0.05)


@settings(derandomize=True, deadline=None, max_examples=8)
@given(seats=st.integers(1, 3), before=st.floats(1, 10), weight=st.sampled_from([1.0, 2.0, 8.0]))
def test_a_late_request_neither_waits_for_what_others_had_before_nor_starves_them(
    seats: int, before: float, weight: float
) -> None:
    shop = Shop(seats)
    old = shop.ask(700 * seats, 0.05, 1.0)
    shop.work(until=before)
    came, had = shop.now, shop.served[old]
    new = shop.ask(500 * seats, 0.05, weight)
    shop.work(until=came + 20)
    # No seat holds more than two batches.
    assert shop.began[new] - came <= 2 * RULES.batch_seconds + 0.05
    since = shop.served[new] / (shop.served[new] + shop.served[old] - had)
    assert since == pytest.approx(weight / (1 + weight), abs=0.05)


def test_a_small_interactive_request_is_done_in_its_share_beside_a_large_batch() -> None:
    shop = Shop(2)
    shop.ask(4_000, 0.01, 1.0)
    shop.work(until=10.0)
    came = shop.now
    small = shop.ask(400, 0.01, 8.0)
    while shop.served[small] < 4.0 - 1e-9:
        shop.work(until=shop.now + 1e-9)
    # Four seconds of work at eight ninths of two seats, and the batches that were at work when it came.
    assert shop.now - came < 4.0 / (2 * 8 / 9) + 3 * RULES.batch_seconds


def test_one_that_only_waits_for_its_last_answers_gives_no_advantage_to_those_that_come() -> None:
    shop = Shop(2)
    stuck = shop.dispatcher.ask([Work("hangs", "cpu")], "stuck", 1.0)
    (hung,) = shop.dispatcher.handouts(0.0)
    assert hung.tickets == tuple(stuck)
    old = shop.ask(800, 0.05, 1.0)
    shop.work(until=20.0)
    had, came = shop.served[old], shop.now
    new = shop.ask(800, 0.05, 1.0)
    shop.work(until=came + 8)
    assert shop.served[new] == pytest.approx(shop.served[old] - had, rel=0.2)


@pytest.mark.parametrize("weight", [1.0, 2.0, 8.0])
def test_one_request_alone_is_handed_out_the_same_whatever_its_weight(weight: float) -> None:
    plain, weighted = Shop(3), Shop(3)
    plain.ask(500, 0.01, 1.0)
    weighted.ask(500, 0.01, weight)
    plain.work(until=1_000)
    weighted.work(until=1_000)
    assert weighted.handed == plain.handed
