"""Each machine keeps to its share over every minute, by what it is handed alone."""

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import DispatchRules, Handout, Work

MINUTE = 60.0
shares = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9])


@dataclass
class Fleet:
    """Machines with a seat on each core, whose seats compute at full speed whatever they are handed.

    Parameters
    ----------
    nodes
        Cores by name.
    each
        Seconds of a genome.
    leading
        Cores' worth of time that the process which leads the workers uses of the first machine.
    """

    nodes: dict[str, int]
    each: float
    leading: float = 0.0
    now: float = 0.0
    work: list[tuple[str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(DispatchRules())
        self.node_of: dict[int, str] = {}
        self._answers: list[tuple[float, int, Handout]] = []
        self._free_at: dict[int, float] = defaultdict(float)
        self._led_at = 0.0

    def start(self, shares: dict[str, float]) -> None:
        for node, cores in self.nodes.items():
            for _ in range(cores):
                number = len(self.node_of)
                self.node_of[number] = node
                self.dispatcher.budgets.join(node, cores, shares[node], 0.0)
                self.dispatcher.seat_joined(number, node, "cpu", 0.0)

    def run(self, until: float) -> None:
        while self.now < until and self.dispatcher.open:
            self._lead()
            for order in self.dispatcher.handouts(self.now):
                self._begin(order)
            due = min(self.dispatcher.budgets.again_at, self.now + 0.25)
            if self._answers and self._answers[0][0] <= due:
                self.now, _, order = heapq.heappop(self._answers)
                self._answer(order)
            else:
                self.now = max(due, self.now + 1e-6)

    def _lead(self) -> None:
        seconds, self._led_at = self.leading * (self.now - self._led_at), self.now
        first = next(iter(self.nodes))
        self.dispatcher.budgets.spend(first, seconds, self.now)
        self.work.append((first, self.now, seconds))

    def _begin(self, order: Handout) -> None:
        seconds = len(order.tickets) * self.each
        begins = max(self.now, self._free_at[order.seat])
        self._free_at[order.seat] = begins + seconds
        # What a batch used is spread over the time that it took, as a meter would see it.
        parts = max(1, math.ceil(seconds / 0.1))
        node = self.node_of[order.seat]
        self.work += [(node, begins + seconds * k / parts, seconds / parts) for k in range(parts)]
        heapq.heappush(self._answers, (begins + seconds, order.batch, order))

    def _answer(self, order: Handout) -> None:
        seconds = len(order.tickets) * self.each
        self.dispatcher.budgets.spend(self.node_of[order.seat], seconds, self.now)
        timed = {"s": (len(order.tickets), seconds)}
        assert self.dispatcher.answered(order.seat, order.batch, timed, 0.0, self.now)

    def used(self, node: str, since: float, until: float) -> float:
        """Return the share of a machine's cores that was used."""
        spent = sum(seconds for name, when, seconds in self.work if name == node and since <= when < until)
        return spent / (self.nodes[node] * (until - since))


def works(count: int) -> list[Work]:
    return [Work("s", "cpu")] * count


@settings(derandomize=True, deadline=None, max_examples=8)
@given(
    nodes=st.lists(st.tuples(st.integers(1, 4), shares), min_size=1, max_size=2),
    each=st.sampled_from([0.05, 0.35, 1.5]),
)
def test_every_minute_each_machine_uses_its_share_of_its_cores(
    nodes: list[tuple[int, float]], each: float
) -> None:
    fleet = Fleet({str(k): cores for k, (cores, _) in enumerate(nodes)}, each)
    fleet.start({str(k): share for k, (_, share) in enumerate(nodes)})
    fleet.dispatcher.ask(works(int(1.2 * 2 * MINUTE * sum(cores for cores, _ in nodes) / each)))
    fleet.run(until=2 * MINUTE)
    for k, (_, share) in enumerate(nodes):
        for since in (0.0, 20.0, 50.0):
            assert fleet.used(str(k), since, since + MINUTE) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_what_the_leading_process_uses_is_taken_off_what_its_workers_may(share: float) -> None:
    fleet = Fleet({"here": 2}, 0.05, leading=0.3)
    fleet.start({"here": share})
    fleet.dispatcher.ask(works(10_000))
    fleet.run(until=MINUTE)
    assert fleet.used("here", 0.0, MINUTE) == pytest.approx(share, abs=0.02)


def test_another_share_counts_from_the_moment_that_it_is_wished_for() -> None:
    fleet = Fleet({"here": 4}, 0.05)
    fleet.start({"here": 1.0})
    fleet.dispatcher.ask(works(20_000))
    found = []
    for share in (None, 0.25, 0.75):
        fleet.dispatcher.budgets.wish("here", share, fleet.now)
        began = fleet.now
        fleet.run(until=began + MINUTE)
        found.append(fleet.used("here", began, began + MINUTE))
    assert found == pytest.approx([1.0, 0.25, 0.75], abs=0.03)


def test_machines_of_unequal_shares_are_done_at_the_same_time() -> None:
    fleet = Fleet({"slow": 2, "fast": 2}, 0.05)
    fleet.start({"slow": 0.25, "fast": 1.0})
    ends = []
    for _ in range(2):
        fleet.dispatcher.ask(works(2_000))
        fleet.run(until=1_000.0)
        ends.append(fleet.now)
    # A hundred seconds of work on two and a half cores.
    assert ends[1] - ends[0] == pytest.approx(40.0, abs=1.5)


def test_a_full_share_never_has_a_seat_wait_and_looks_at_no_clock() -> None:
    fleet = Fleet({"here": 3}, 0.05)
    fleet.start({"here": 1.0})
    fleet.dispatcher.budgets.spend("here", 1e6, 0.0)
    fleet.dispatcher.ask(works(600))
    assert {order.seat for order in fleet.dispatcher.handouts(0.0)} == {0, 1, 2}
    assert math.isinf(fleet.dispatcher.budgets.again_at)


def test_as_few_seats_are_fed_as_the_share_fills() -> None:
    fleet = Fleet({"here": 4}, 0.05)
    fleet.start({"here": 0.5})
    fleet.dispatcher.ask(works(4_000))
    fleet.run(until=20.0)
    assert {order.seat for _, _, order in fleet._answers} <= {0, 1}


def test_a_seat_takes_the_place_of_one_that_hangs() -> None:
    fleet = Fleet({"here": 2}, 0.05)
    fleet.start({"here": 0.5})
    fleet.dispatcher.ask(works(400))
    (hung,) = fleet.dispatcher.handouts(0.0)
    rules = DispatchRules()
    fleet.dispatcher.tick(rules.first_deadline)
    fleet.dispatcher.tick(rules.first_deadline * rules.kill_factor)
    orders = fleet.dispatcher.handouts(rules.first_deadline * rules.kill_factor)
    assert {order.seat for order in orders} == {1 - hung.seat}


def test_real_use_is_told_over_the_last_minute() -> None:
    fleet = Fleet({"here": 2}, 0.05)
    fleet.start({"here": 0.5})
    fleet.dispatcher.ask(works(4_000))
    fleet.run(until=30.0)
    (measured,) = fleet.dispatcher.budgets.measured(fleet.now)
    assert (measured.node, measured.seats, measured.cores, measured.share) == ("here", 2, 2, 0.5)
    assert measured.used == pytest.approx(0.5, abs=0.05)
    (later,) = fleet.dispatcher.budgets.measured(fleet.now + 2 * MINUTE)
    assert later.used == 0.0


def test_debts_are_forgotten_after_a_minute() -> None:
    fleet = Fleet({"here": 2}, 0.05)
    fleet.start({"here": 0.5})
    fleet.dispatcher.budgets.spend("here", 1e6, 0.0)
    fleet.dispatcher.ask(works(10))
    assert fleet.dispatcher.handouts(MINUTE - 1) == []
    assert fleet.dispatcher.budgets.again_at == pytest.approx(MINUTE)
    assert fleet.dispatcher.handouts(MINUTE) != []
