"""How long genomes of each strategy take, learned from the batches that came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What is known counts half as much with every batch: the first ones run on cold caches.
_KEPT = 0.5
# The slowest batch is forgotten slowly: the next genome may be as slow.
_SLOWEST_KEPT = 0.95


@dataclass(slots=True)
class _Cost:
    seconds: float = 0.0
    genomes: float = 0.0
    slowest: float = 0.0


class CostBook:
    """Seconds a genome by strategy, for one problem."""

    def __init__(self) -> None:
        self._costs: dict[str, _Cost] = {}

    def observe(self, strategy: str, genomes: int, seconds: float) -> None:
        """Take note of what so many genomes of a strategy took together."""
        cost = self._costs.setdefault(strategy, _Cost())
        cost.seconds = _KEPT * cost.seconds + seconds
        cost.genomes = _KEPT * cost.genomes + genomes
        cost.slowest = max(_SLOWEST_KEPT * cost.slowest, seconds)

    def seconds(self, strategy: str) -> float | None:
        """Return the expected seconds of one genome, None when none was ever timed."""
        cost = self._costs.get(strategy)
        return None if cost is None else cost.seconds / cost.genomes

    def expected(self, strategies: Sequence[str]) -> float | None:
        """Return the expected seconds of a batch, None when a strategy in it was never timed."""
        known = [self.seconds(strategy) for strategy in strategies]
        return None if None in known else sum(seconds or 0.0 for seconds in known)

    def patience(self, strategies: Sequence[str]) -> float | None:
        """Return the seconds that a batch may well take, None when a strategy in it was never timed.

        No less than the slowest part of a batch took: one genome may need many times the mean.
        """
        expected = self.expected(strategies)
        if expected is None:
            return None
        return max([expected, *(self._costs[strategy].slowest for strategy in set(strategies))])

    def observe_all(self, timed: Mapping[str, tuple[int, float]]) -> float:
        """Enter a batch's genomes and seconds by strategy; return the seconds of them all."""
        for strategy, (genomes, seconds) in timed.items():
            self.observe(strategy, genomes, seconds)
        return sum(seconds for _, seconds in timed.values())
