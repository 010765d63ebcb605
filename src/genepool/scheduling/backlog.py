"""Genomes that no seat holds yet, in the order in which they are handed out."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence

from genepool.scheduling.costs import CostBook
from genepool.scheduling.rules import Kind, Work, preferences


class Backlog:
    """One queue for every kind of seat; those genomes first that take longest.

    Parameters
    ----------
    costs
        What genomes cost.
    """

    def __init__(self, costs: CostBook) -> None:
        self._costs = costs
        self._strategies: dict[int, str] = {}
        self._queues: dict[Kind, deque[int]] = {}
        self._queued: Counter[str] = Counter()
        self._kinds: dict[str, Kind] = {}

    def seconds(self) -> float | None:
        """Return the seconds that the genomes are expected to take, None when nobody can tell.

        One of an untimed strategy counts as much as the timed ones for the same kind of seat on average.
        """
        guesses = {kind: self._mean(kind) for kind in set(self._kinds.values())}
        total = 0.0
        for name, count in self._queued.items():
            each = self._costs.seconds(name) if count else 0.0
            each = guesses[self._kinds[name]] if each is None else each
            if each is None:
                return None
            total += each * count
        return total

    def add(self, works: Mapping[int, Work]) -> None:
        """Queue genomes, given by ticket."""
        seen: Counter[str] = Counter()
        ranked: list[tuple[float, int, str, int]] = []
        for ticket, work in works.items():
            ranked.append(self._rank(work.strategy, seen[work.strategy], ticket))
            seen[work.strategy] += 1
        for *_, ticket in sorted(ranked):
            self._queues.setdefault(works[ticket].kind, deque()).append(ticket)
            self._strategies[ticket] = works[ticket].strategy
        self._queued += seen
        self._kinds.update((work.strategy, work.kind) for work in works.values())

    def clear(self) -> None:
        """Forget all of them."""
        self._queues.clear()
        self._queued.clear()
        self._strategies.clear()

    def first_for(self, kind: Kind) -> Kind | None:
        """Return the queue that a seat of a kind serves next: its own while there is something in it."""
        return next((other for other in preferences(kind, list(self._queues)) if self._queues[other]), None)

    def next_seconds(self, kind: Kind) -> float:
        """Return what the next genome of a queue costs, 0 when nobody knows."""
        return self._costs.seconds(self._strategies[self._queues[kind][0]]) or 0.0

    def take(self, kind: Kind, seconds: float, size: int | None) -> tuple[int, ...]:
        """Take genomes off a queue: so many, or as many as fit into so many seconds; at least one."""
        queue = self._queues[kind]
        count = min(len(queue), size or self._fitting(queue, seconds))
        tickets = tuple(queue.popleft() for _ in range(count))
        self._queued.subtract(self._strategies.pop(ticket) for ticket in tickets)
        return tickets

    def _mean(self, kind: Kind) -> float | None:
        costs = [self._costs.seconds(name) for name, suited in self._kinds.items() if suited == kind]
        known = [cost for cost in costs if cost is not None]
        return sum(known) / len(known) if known else None

    def _rank(self, strategy: str, earlier: int, ticket: int) -> tuple[float, int, str, int]:
        """Put the longest first, and of untimed strategies one genome each before any second one."""
        known = self._costs.seconds(strategy)
        return (
            (-known, 0, strategy, ticket) if known is not None else (-float("inf"), earlier, strategy, ticket)
        )

    def _fitting(self, queue: Sequence[int], seconds: float) -> int:
        """Return how many genomes of a queue fit; an untimed one goes alone."""
        size = 0
        for ticket in queue:
            cost = self._costs.seconds(self._strategies[ticket])
            if cost is None:
                return size or 1
            seconds -= cost
            if size and seconds < 0:
                break
            size += 1
        return size
