"""A cluster as its worst: seats that die, freeze, answer late or twice, and genomes that kill or hang.

It drives the real ``Dispatcher`` with a clock of its own. Everything follows from one seed.
"""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import DispatchRules, Handout, Loss, Work

_LONGEST = 5_000_000
_MOST_TURNS = 100_000


@dataclass
class Seat:
    """A process that evaluates one batch after the other, in the order handed."""

    node: str
    frozen: bool = False
    free_at: float = 0.0
    queue: list[Handout] = field(default_factory=list)


@dataclass
class Weather:
    """What goes wrong, how often, and until when.

    Parameters
    ----------
    seed
        What everything is drawn from.
    nodes
        Seats of each node.
    faults
        Processes killed, nodes frozen or lost, and answers delivered twice, all in all.
    killers, hangers
        Tickets that end their process, or never end.
    seconds_each
        What a genome takes, on average a quarter more.
    join_within
        Seconds within which all seats are there.
    """

    seed: int
    nodes: Sequence[int]
    faults: int = 0
    killers: frozenset[int] = frozenset()
    hangers: frozenset[int] = frozenset()
    seconds_each: float = 0.01
    join_within: float = 2.0
    rules: DispatchRules = field(default_factory=DispatchRules)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(self.rules)
        self.now = 0.0
        self.answers: Counter[int] = Counter()
        self.condemned: Counter[int] = Counter()
        self.blows: Counter[int] = Counter()
        self.work_by_node: Counter[str] = Counter()
        self._rng = np.random.default_rng(self.seed)
        self._seats: dict[int, Seat] = {}
        self._numbers = iter(range(_LONGEST))
        self._order = iter(range(_LONGEST))
        self._events: list[tuple[float, int, str, tuple[int, ...]]] = []
        for node, count in enumerate(self.nodes):
            for _ in range(count):
                self._at(float(self._rng.uniform(0, self.join_within)), "join", node)
        for _ in range(self.faults):
            kind = str(self._rng.choice(["kill", "freeze", "lose_node", "out_of_memory"]))
            self._at(float(self._rng.uniform(0.5, 20)), kind, int(self._rng.integers(1_000)))

    def run(self, works: Sequence[Work]) -> None:
        """Let every genome be answered or condemned."""
        self.tickets = self.dispatcher.ask(works)
        turns = 0
        while self.dispatcher.open:
            turns += 1
            assert turns < _MOST_TURNS, "it goes round in circles"
            for order in self.dispatcher.handouts(self.now):
                self._begin(order)
            due = self.dispatcher.next_deadline()
            if self._events and (due is None or self._events[0][0] <= due):
                self.now, _, kind, subject = heapq.heappop(self._events)
                getattr(self, f"_{kind}")(*subject)
            else:
                assert due is not None, "nothing will ever happen again"
                self.now = max(self.now, due)
            self.dispatcher.tick(self.now)
            self._obey()

    def _at(self, when: float, kind: str, *subject: int) -> None:
        heapq.heappush(self._events, (when, next(self._order), kind, subject))

    def _obey(self) -> None:
        orders = self.dispatcher.take_orders()
        for seat in orders.give_up:
            for order in self._seats[seat].queue[:1]:
                self.blows.update(order.tickets)
            self._replace(seat, delay=3.0)
        for condemned in orders.condemned:
            self.condemned[condemned.ticket] += 1

    def _begin(self, order: Handout) -> None:
        seat = self._seats[order.seat]
        assert len(seat.queue) < 2, "a seat holds two batches at most"
        seat.queue.append(order)
        if len(seat.queue) == 1:
            self._work(order.seat)

    def _work(self, number: int) -> None:
        """Schedule what becomes of the front batch of a seat."""
        seat = self._seats[number]
        tickets = set(seat.queue[0].tickets)
        seconds = self.seconds_each * len(tickets) * float(self._rng.uniform(0.5, 2.0))
        if tickets & self.hangers:
            return
        kind = "died_of_genome" if tickets & self.killers else "answer"
        self._at(self.now + seconds, kind, number, seat.queue[0].batch, int(seconds * 1e6))

    def _answer(self, number: int, batch: int, micros: int) -> None:
        seat = self._seats.get(number)
        if seat is None or seat.frozen:
            return
        order = seat.queue.pop(0)
        assert order.batch == batch
        timed = {"s": (len(order.tickets), micros / 1e6)}
        accepted = self.dispatcher.answered(number, batch, timed, 0.0, self.now)
        if accepted is not None:
            self.answers.update(accepted.tickets)
            self.work_by_node[seat.node] += len(accepted.tickets)
            assert accepted.turnaround_seconds >= accepted.compute_seconds
        again = self.dispatcher.answered(number, batch, timed, 0.0, self.now)
        assert again is None, "the same answer counted twice"
        if seat.queue:
            self._work(number)

    def _died_of_genome(self, number: int, _batch: int, _micros: int) -> None:
        if number in self._seats and not self._seats[number].frozen:
            self._lose(number, "worker_died")

    def _lose(self, number: int, loss: Loss) -> None:
        for order in self._seats[number].queue[:1]:
            if loss != "node_left":
                self.blows.update(order.tickets)
        self.dispatcher.seat_left(number, loss)
        self._replace(number, delay=1.0)

    def _replace(self, number: int, delay: float) -> None:
        seat = self._seats.pop(number)
        self._at(self.now + delay, "join", int(seat.node))

    def _pick(self, draw: int) -> int | None:
        alive = sorted(self._seats)
        return alive[draw % len(alive)] if alive else None

    def _join(self, node: int) -> None:
        number = next(self._numbers)
        self._seats[number] = Seat(str(node))
        self.dispatcher.seat_joined(number, str(node), ("cpu", "memory")[node % 2], self.now)

    def _kill(self, draw: int) -> None:
        if (number := self._pick(draw)) is not None:
            self._lose(number, "worker_died")

    def _out_of_memory(self, draw: int) -> None:
        if (number := self._pick(draw)) is not None:
            for other in [k for k, seat in self._seats.items() if seat.node == self._seats[number].node]:
                self._lose(other, "out_of_memory")

    def _freeze(self, draw: int) -> None:
        if (number := self._pick(draw)) is not None:
            for seat in self._seats.values():
                seat.frozen = seat.frozen or seat.node == self._seats[number].node

    def _lose_node(self, draw: int) -> None:
        if (number := self._pick(draw)) is not None:
            for other in [k for k, seat in self._seats.items() if seat.node == self._seats[number].node]:
                self._lose(other, "node_left")
