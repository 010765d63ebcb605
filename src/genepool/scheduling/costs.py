"""How long genomes of each strategy take, learned from the batches that came back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What is known counts half as much with every batch: the first ones run on cold caches.
_KEPT = 0.5
# The slowest batch is forgotten slowly: the next genome may be as slow.
_SLOWEST_KEPT = 0.95
_AGAIN = " again"


def again(strategy: str) -> str:
    """Return the name under which genomes are booked whose seat has computed their fits before."""
    return strategy + _AGAIN


@dataclass(slots=True)
class _Cost:
    seconds: float = 0.0
    genomes: float = 0.0
    slowest: float = 0.0


class CostBook:
    """Seconds a genome, for one problem.

    Genomes are booked by strategy; those that find their fits on their seat, by ``again(strategy)``. As
    long as no such genome was timed alone, they count as much as the others.
    """

    def __init__(self) -> None:
        self._costs: dict[str, _Cost] = {}

    def observe(self, name: str, genomes: int, seconds: float) -> None:
        """Enter the seconds that a number of genomes of one name took together."""
        cost = self._costs.setdefault(name, _Cost())
        cost.seconds = _KEPT * cost.seconds + seconds
        cost.genomes = _KEPT * cost.genomes + genomes
        cost.slowest = max(_SLOWEST_KEPT * cost.slowest, seconds)

    def seconds(self, name: str) -> float | None:
        """Return the expected seconds of one genome, None when none was ever timed."""
        cost = self._costs.get(name) or self._costs.get(name.removesuffix(_AGAIN))
        return None if cost is None else cost.seconds / cost.genomes

    def expected(self, names: Sequence[str]) -> float | None:
        """Return the expected seconds of a batch, None when one of its names was never timed."""
        known = [self.seconds(name) for name in names]
        return None if None in known else sum(seconds or 0.0 for seconds in known)

    def patience(self, names: Sequence[str]) -> float | None:
        """Return the seconds that a batch may well take, None when one of its names was never timed.

        No less than the slowest part of a batch took: one genome may need many times the mean.
        """
        expected = self.expected(names)
        if expected is None:
            return None
        return max([expected, *(self._slowest(name) for name in set(names))])

    def observe_all(self, names: Sequence[str], timed: Mapping[str, tuple[int, float]]) -> float:
        """Enter a batch; return the seconds of all of it.

        Parameters
        ----------
        names
            Of its genomes.
        timed
            Genomes and seconds, by strategy.
        """
        counts = Counter(names)
        for strategy, (genomes, seconds) in timed.items():
            self._observe(strategy, genomes, min(genomes, counts[again(strategy)]), seconds)
        return sum(seconds for _, seconds in timed.values())

    def _observe(self, strategy: str, genomes: int, repeated: int, seconds: float) -> None:
        """Divide what a batch took as was expected: no genome alone is to blame for the difference."""
        counts = {strategy: genomes - repeated, again(strategy): repeated}
        expected = {name: count * (self.seconds(name) or 1.0) for name, count in counts.items() if count}
        for name, part in expected.items():
            self.observe(name, counts[name], seconds * part / sum(expected.values()))

    def _slowest(self, name: str) -> float:
        costs = [self._costs.get(name), self._costs.get(name.removesuffix(_AGAIN))]
        return max(cost.slowest for cost in costs if cost)
