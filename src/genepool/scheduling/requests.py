"""Requests that share the seats: whose genomes are handed out next, and what is known of each problem."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from genepool.scheduling.backlog import Backlog, Knowledge
from genepool.scheduling.costs import CostBook
from genepool.scheduling.rules import Batch, DispatchRules, SeatState, Work

# Batches from this length on outlast a round trip.
_SHORT_SECONDS = 1.0
# Problems whose costs are remembered while no run asks for them.
_PROBLEMS_KNOWN = 32


@dataclass(eq=False, slots=True)
class Request:
    """Genomes of one problem that were asked for together.

    Parameters
    ----------
    number
        Its name: its first ticket.
    problem
        What its genomes are scored against.
    costs
        What they cost.
    backlog
        Those that no seat holds yet.
    works
        Those that are neither answered nor condemned, by ticket.
    weight
        Its part of the seats' time is this, divided by the weights of all who wait.
    served_seconds
        Of the seats' time that it was given, from what would have brought it level when it came.
    batches
        That were handed out for it.
    closing
        Whether it is being given up: nothing of it is repeated.
    """

    number: int
    problem: str
    costs: CostBook
    backlog: Backlog
    works: dict[int, Work]
    weight: float = 1.0
    served_seconds: float = 0.0
    batches: int = 0
    closing: bool = False

    @property
    def virtual_seconds(self) -> float:
        """Seconds that it was given, by its weight: level requests have had what is due to them."""
        return self.served_seconds / self.weight

    def is_short(self, batch: Batch) -> bool:
        """Whether one of its batches is known to take less than a second."""
        expected = self.costs.expected(batch.names)
        return expected is not None and expected < _SHORT_SECONDS

    def hand(self, batch: Batch, rules: DispatchRules) -> float:
        """Enter that a batch is handed out, set its deadline, and return the seconds expected of it."""
        expected = self.costs.expected(batch.names) or 0.0
        self.served_seconds += expected
        self.batches += 1
        batch.deadline = rules.deadline(self.costs.patience(batch.names))
        return expected

    def forget(self, tickets: Iterable[int]) -> None:
        """Forget genomes that are answered or condemned."""
        for ticket in tickets:
            self.works.pop(ticket, None)

    def withdraw(self, kept: Iterable[Batch]) -> None:
        """Forget all genomes but those of the batches that are kept."""
        self.closing = True
        self.backlog.clear()
        tickets = {ticket for batch in kept for ticket in batch.tickets}
        self.works = {ticket: work for ticket, work in self.works.items() if ticket in tickets}


@dataclass(slots=True)
class Requests:
    """All requests, and what is known of their problems.

    Parameters
    ----------
    knowledge
        What is known of problems, by digest, those asked for last at the end.
    """

    knowledge: OrderedDict[str, Knowledge] = field(default_factory=OrderedDict)
    _open: dict[int, Request] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Request]:
        return iter(self._open.values())

    def __getitem__(self, number: int) -> Request:
        return self._open[number]

    @property
    def genomes(self) -> int:
        """How many genomes are neither answered nor condemned."""
        return sum(len(request.works) for request in self)

    def add(self, tickets: range, works: Sequence[Work], problem: str, weight: float = 1.0) -> None:
        """Queue genomes of a problem; from now on they are served by their weight, beside the others."""
        known = self._known(problem)
        asked = dict(zip(tickets, works, strict=True))
        request = Request(tickets.start, problem, known.costs, Backlog(known), asked, weight)
        request.served_seconds = weight * self._virtual_now()
        request.backlog.add(asked)
        self._open[request.number] = request

    def of(self, tickets: range) -> Request | None:
        """Return the request of some tickets, None once it was dropped."""
        return self._open.get(tickets.start)

    def drop(self, request: Request) -> None:
        """Forget a request; what was learned of its problem stays."""
        self._open.pop(request.number, None)

    def in_turn(self) -> list[Request]:
        """Return the requests, the one that was given least of the seats' time for its weight first."""
        return sorted(self, key=lambda one: (one.virtual_seconds, one.batches / one.weight))

    def feed(self, seat: SeatState) -> bool:
        """Tell whether a seat may be given another batch, for all that it is at."""
        if not seat.usable or not seat.held:
            return seat.usable
        front = seat.held[0].batch
        if front.suspect or front.settled:
            return False
        return self[front.request].is_short(front)

    def waiting_seconds(self) -> float | None:
        """Return the seconds that all genomes are expected to take that no seat holds; None if unknown."""
        waiting = [request.backlog.seconds() for request in self]
        return None if None in waiting else sum(seconds or 0.0 for seconds in waiting)

    def forget(self, seat: int) -> None:
        """Forget which fits a seat had that is gone."""
        for known in self.knowledge.values():
            known.forget(seat)
        for request in self:
            request.backlog.forget(seat)

    def settle(self, batch: Batch, timed: Mapping[str, tuple[int, float]], expected: float) -> float:
        """Enter what an accepted batch took; return the seconds of all of it."""
        request = self[batch.request]
        seconds = request.costs.observe_all(batch.names, timed)
        request.served_seconds += seconds - expected
        return seconds

    def _virtual_now(self) -> float:
        """Return how far the requests are; one that waits for its last answers alone stands still."""
        waiting = [request.virtual_seconds for request in self if request.backlog.filled]
        return min(waiting, default=max((request.virtual_seconds for request in self), default=0.0))

    def _known(self, problem: str) -> Knowledge:
        known = self.knowledge.pop(problem, None) or Knowledge()
        self.knowledge[problem] = known
        asked_for = {request.problem for request in self} | {problem}
        spare = [other for other in self.knowledge if other not in asked_for]
        for other in spare[:-_PROBLEMS_KNOWN]:
            del self.knowledge[other]
        return known
