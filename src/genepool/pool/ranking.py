"""The leaderboard of a run, as far as anybody reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from genepool.evolution.population import Individual
from genepool.history import BOARD_PLACES, leaderboard
from genepool.pool.births import Births


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first places, and the best of each strategy wherever it stands.

    Parameters
    ----------
    board
        The first places, champion first.
    best_of_each
        Place and individual, by place.
    length
        How many places there are.
    genomes
        How many unique genomes there are, failures included.
    """

    board: tuple[Individual, ...] = ()
    best_of_each: tuple[tuple[int, Individual], ...] = ()
    length: int = 0
    genomes: int = 0

    def first(self, places: int) -> "Ranking":
        """Return what is left of it when only so many places are known."""
        best = tuple((rank, one) for rank, one in self.best_of_each if rank <= places)
        return replace(self, board=self.board[:places], best_of_each=best, length=min(self.length, places))


class RankingFold:
    """A fold over everybody who is born.

    Parameters
    ----------
    births
        Takes the same individuals; it knows everybody's place.
    """

    def __init__(self, births: Births) -> None:
        self._births = births
        self._board: list[Individual] = []
        self._best: dict[str, Individual] = {}

    def take(self, newborn: Iterable[Individual]) -> None:
        """Add the next generation's."""
        entered = leaderboard(newborn)
        self._board = leaderboard([*self._board, *entered], BOARD_PLACES)
        for strategy, individual in {one.genome.strategy: one for one in reversed(entered)}.items():
            elder = self._best.get(strategy, individual)
            self._best[strategy] = leaderboard([elder, individual], 1)[0]

    def result(self) -> Ranking:
        """Return the leaderboard of all that were added."""
        places = self._births
        best = sorted(
            ((places.rank(one.genome.fingerprint), one) for one in self._best.values()),
            key=lambda entry: entry[0],
        )
        return Ranking(tuple(self._board), tuple(best), places.ranked, places.genomes)
