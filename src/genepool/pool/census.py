"""What the lines of everybody's birth say of a run: its leaderboard, and its champion at each generation."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from genepool.evolution.population import Individual
from genepool.history import BOARD_PLACES, BirthLine
from genepool.pool.births import Birth, Births
from genepool.pool.ranking import Ranking

# Lower is better, as leaderboards are ordered: by score, ties by fingerprint.
_Place = tuple[float, str]


class Census:
    """A fold over the births of a run; no result is read for it, and no individual is held.

    Parameters
    ----------
    lines
        Everybody, generation by generation.

    Attributes
    ----------
    births
        Everybody's place, and where each is found.
    """

    def __init__(self, lines: Iterable[BirthLine]) -> None:
        self.births = Births()
        self._born, self._failed = Counter[int](), Counter[int]()
        self._best: dict[str, _Place] = {}
        self._since, self._leaders = list[int](), list[_Place]()
        for line in lines:
            self._take(line)

    def evaluations(self, generation: int) -> int:
        """Return how many were born in a generation."""
        return self._born[generation]

    def failures(self, generation: int) -> int:
        """Return how many of them could not be scored."""
        return self._failed[generation]

    def champion(self, generation: int) -> str | None:
        """Return the fingerprint of the run's champion when a generation was over."""
        place = bisect_right(self._since, generation) - 1
        return self._leaders[place][1] if place >= 0 else None

    def ranking(self, read: Callable[[Sequence[Birth]], Sequence[Individual]]) -> Ranking:
        """Return the leaderboard.

        Parameters
        ----------
        read
            Returns the individuals of some births, in the order given.
        """
        births = self.births
        board = read([births.at(rank) for rank in range(1, 1 + min(BOARD_PLACES, births.ranked))])
        ranks = sorted(births.rank(fingerprint) for _, fingerprint in self._best.values())
        best = zip(ranks, read([births.at(rank) for rank in ranks]), strict=True)
        return Ranking(tuple(board), tuple(best), births.ranked, births.genomes)

    def _take(self, line: BirthLine) -> None:
        self.births.add(line)
        self._born[line.generation] += 1
        if line.score is None:
            self._failed[line.generation] += 1
            return
        place = (-line.score, line.fingerprint)
        self._best[line.strategy] = min(place, self._best.get(line.strategy, place))
        if not self._leaders or place < self._leaders[-1]:
            self._since.append(line.generation)
            self._leaders.append(place)
