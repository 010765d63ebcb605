"""Genomes that no seat holds yet, in the order in which they are handed out."""

import math
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from genepool.scheduling.costs import CostBook, again
from genepool.scheduling.rules import Family, Kind, Work, preferences

# Genomes of one kind by the seat that has their family's fits; None for unassigned ones.
_Lanes: TypeAlias = dict[int | None, deque[int]]
_Relatives: TypeAlias = tuple[str, Family]


@dataclass(frozen=True, slots=True)
class Portion:
    """Genomes that a seat is to take, and the names that their cost is known by."""

    tickets: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(slots=True)
class Knowledge:
    """What is known of a problem from one request to the next.

    Parameters
    ----------
    costs
        What its genomes cost.
    homes
        The seat on which a family's fits were computed.
    kinds
        The kind of seat that suits a strategy.
    """

    costs: CostBook = field(default_factory=CostBook)
    homes: dict[_Relatives, int] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def forget(self, seat: int) -> None:
        """Forget the fits of a seat that is gone."""
        for relatives in [relatives for relatives, home in self.homes.items() if home == seat]:
            del self.homes[relatives]


class Backlog:
    """One queue for every kind of seat; those genomes first that take longest.

    Genomes that share their fits follow each other, and go where their family went before: each fit is
    computed on one seat as a rule, not on all of them. An idle seat first takes its own families, then
    unassigned genomes, then steals from the seat that has most left.

    Parameters
    ----------
    knowledge
        What is known of the genomes' problem.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._costs = knowledge.costs
        self._homes = knowledge.homes
        self._kinds = knowledge.kinds
        self._works: dict[int, Work] = {}
        self._names: dict[int, str] = {}
        self._queues: dict[Kind, _Lanes] = {}
        self._queued: Counter[str] = Counter()

    @property
    def filled(self) -> bool:
        """Whether any genome waits."""
        return bool(self._works)

    def seconds(self) -> float | None:
        """Return the seconds that the genomes are expected to take, None when that is unknown.

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
        ranked: list[tuple[float, int, str, Family, int]] = []
        for ticket, work in works.items():
            ranked.append(self._rank(work, seen[work.strategy], ticket))
            seen[work.strategy] += 1
        self._works.update(works)
        known = set(self._homes)
        for *_, ticket in sorted(ranked):
            home = self._homes.get(self._relatives(ticket))
            self._queues.setdefault(works[ticket].kind, {}).setdefault(home, deque()).append(ticket)
            self._enter(ticket, known)

    def clear(self) -> None:
        """Forget all of them."""
        self._queues.clear()
        self._queued.clear()
        self._works.clear()
        self._names.clear()

    def forget(self, seat: int) -> None:
        """Unassign the families of a seat that is gone."""
        self._knowledge.forget(seat)
        known = set(self._homes)
        for lanes in self._queues.values():
            for ticket in (left := lanes.pop(seat, deque())):
                self._queued[self._names[ticket]] -= 1
                self._enter(ticket, known)
            lanes.setdefault(None, deque()).extendleft(reversed(left))

    def first_for(self, kind: Kind) -> Kind | None:
        """Return the queue that a seat of a kind serves next: its own while there is something in it."""
        filled = [other for other, lanes in self._queues.items() if any(lanes.values())]
        return next(iter(preferences(kind, filled)), None)

    def next_seconds(self, kind: Kind, seat: int) -> float:
        """Return what the genome costs that a seat takes next off a queue, 0 when that is unknown."""
        return self._costs.seconds(self._name(self._lane(kind, seat)[0], seat, None)) or 0.0

    def take(self, kind: Kind, seat: int, seconds: float, size: int | None) -> Portion:
        """Take ``size`` genomes off a queue, or as many as fit into the seconds; at least one."""
        tickets: list[int] = []
        names: list[str] = []
        spent = 0.0
        while lane := self._lane(kind, seat):
            last = tickets[-1] if tickets else None
            name = self._name(lane[0], seat, last)
            fits = self._fits(names, name, seconds, spent) if size is None else len(tickets) < size
            if tickets and not fits:
                break
            tickets.append(lane.popleft())
            names.append(name)
            spent += self._costs.seconds(name) or 0.0
        self._settle_in(tickets, seat)
        return Portion(tuple(tickets), tuple(names))

    def _lane(self, kind: Kind, seat: int) -> deque[int]:
        """Return the lane that a seat takes from: its own, the unassigned one, or the longest other one."""
        lanes = self._queues[kind]
        own = lanes.get(seat) or lanes.get(None)
        return own or max(lanes.values(), key=len)

    def _name(self, ticket: int, seat: int, last: int | None) -> str:
        """Return what a genome's cost goes by on a seat where ``last`` would come before it."""
        strategy, family = relatives = self._relatives(ticket)
        related = last is not None and self._relatives(last) == relatives
        return again(strategy) if family and (related or self._homes.get(relatives) == seat) else strategy

    def _fits(self, names: Sequence[str], name: str, seconds: float, spent: float) -> bool:
        """Tell whether one more belongs into a batch that has something in it; untimed ones go alone."""
        cost = self._costs.seconds(name)
        if not names or cost is None or self._costs.seconds(names[-1]) is None:
            return False
        return spent + cost <= seconds

    def _enter(self, ticket: int, known: set[_Relatives]) -> None:
        """Count a genome; the first of a family brings its fits to where the others will find them."""
        strategy, family = relatives = self._relatives(ticket)
        name = again(strategy) if family and relatives in known else strategy
        known.add(relatives)
        self._names[ticket] = name
        self._queued[name] += 1
        self._kinds[name] = self._works[ticket].kind

    def _settle_in(self, tickets: Sequence[int], seat: int) -> None:
        for ticket in tickets:
            relatives = self._relatives(ticket)
            if relatives[1]:
                self._homes[relatives] = seat
            self._queued[self._names.pop(ticket)] -= 1
            del self._works[ticket]

    def _relatives(self, ticket: int) -> _Relatives:
        return self._works[ticket].strategy, self._works[ticket].family

    def _mean(self, kind: Kind) -> float | None:
        costs = [self._costs.seconds(name) for name, suited in self._kinds.items() if suited == kind]
        known = [cost for cost in costs if cost is not None]
        return sum(known) / len(known) if known else None

    def _rank(self, work: Work, earlier: int, ticket: int) -> tuple[float, int, str, Family, int]:
        """Put the longest first, and of untimed strategies one genome each before any second one."""
        known = self._costs.seconds(work.strategy)
        if known is None:
            return -math.inf, min(earlier, 1), work.strategy, work.family if earlier else (), ticket
        return -known, 0, work.strategy, work.family, ticket
