"""The map of a run: who trades best in each way, among the genomes that it tried."""

from collections.abc import Iterable
from dataclasses import dataclass

from genepool.backtest.habits import ReadHabits
from genepool.evolution.niches import Niche, Point, coordinates, niche_at
from genepool.evolution.population import Individual
from genepool.history import leaderboard

# Places of the leaderboard that are traded again for a map: a second or two on a year of hours.
MOST_MAPPED = 3_000


@dataclass(frozen=True, slots=True)
class MappedGenome:
    """The champion of one cell.

    Parameters
    ----------
    niche
        Bins of the cell, by axis.
    point
        Where the genome stands on each axis.
    individual
        The best of the cell by selection score, among those that were looked at.
    """

    niche: Niche
    point: Point
    individual: Individual


@dataclass(frozen=True, slots=True)
class StrategyMap:
    """The cells that a run reached.

    Parameters
    ----------
    champions
        One for each cell that is not empty, best first.
    looked_at
        How many genomes were traded again for it.
    """

    champions: tuple[MappedGenome, ...]
    looked_at: int


def strategy_map(individuals: Iterable[Individual], read: ReadHabits) -> StrategyMap:
    """Return the champion of each cell by selection score; ties go by fingerprint.

    Parameters
    ----------
    individuals
        Those to compare; failures and those that never traded have no cell.
    read
        Says how genomes traded.
    """
    traded = [
        (one, scored.in_sample)
        for one in leaderboard(individuals)
        if (scored := one.evaluation.scored) is not None and scored.in_sample.trades > 0
    ]
    best: dict[Niche, MappedGenome] = {}
    for (one, measures), habits in zip(traded, read([one.genome for one, _ in traded]), strict=True):
        if habits is not None:
            point = coordinates(measures, habits)
            best.setdefault(niche_at(point), MappedGenome(niche_at(point), point, one))
    return StrategyMap(tuple(best.values()), len(traded))
