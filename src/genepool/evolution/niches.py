"""The cells of the strategy atlas: how a genome trades, along four axes.

Fixed edges and no learned ones: a cell means the same in every run and at every generation, so that what
filled it can never leave it but for something better (J.-B. Mouret and J. Clune, Illuminating search spaces
by mapping elites, 2015).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from genepool.backtest.habits import Habits
from genepool.evolution.ordering import by_fitness
from genepool.evolution.population import Individual
from genepool.market.measures import Measures


@dataclass(frozen=True, slots=True)
class Axis:
    """One way in which genomes differ.

    Parameters
    ----------
    name
        Its name in documents.
    title
        What people read.
    edges
        Where one bin ends and the next begins, rising; a value on an edge is in the upper bin.
    """

    name: str
    title: str
    edges: tuple[float, ...]

    @property
    def bins(self) -> int:
        """How many bins it has."""
        return len(self.edges) + 1


AXES = (
    Axis("turnover", "turnover a year", (10.0, 40.0, 160.0, 640.0)),
    Axis("holding", "candles held a trade", (4.0, 12.0, 36.0, 108.0)),
    Axis("long_share", "long share", (0.25, 0.75)),
    Axis("correlation", "correlation to holding", (-0.6, -0.2, 0.2, 0.6)),
)
NICHES = prod(axis.bins for axis in AXES)

# The bin on each axis, in the order of ``AXES``.
Niche: TypeAlias = tuple[int, ...]
# Where a genome stands on each axis, in the order of ``AXES``.
Point: TypeAlias = tuple[float, float, float, float]


def coordinates(measures: Measures, habits: Habits) -> Point:
    """Return where a genome stands on each axis.

    Parameters
    ----------
    measures
        Of the in-sample span; at least one trade.
    habits
        On the same span.

    Raises
    ------
    ValueError
        When it never traded.
    """
    if measures.trades <= 0:
        raise ValueError("what never traded stands nowhere")
    held = measures.exposure * measures.candles / measures.trades
    return measures.turnover, held, habits.long_share, habits.correlation


def niche_at(point: Iterable[float]) -> Niche:
    """Return the cell that holds a point."""
    return tuple(bisect_right(axis.edges, value) for axis, value in zip(AXES, point, strict=True))


def elites_of(individuals: Iterable[Individual], niches: Mapping[str, Niche]) -> tuple[Individual, ...]:
    """Return the best of each cell by fitness, best first; ties go by fingerprint.

    Parameters
    ----------
    individuals
        Those to compare; one without a cell is left out.
    niches
        Cell of each, by fingerprint.
    """
    best: dict[Niche, Individual] = {}
    for one in by_fitness(individuals):
        niche = niches.get(one.genome.fingerprint)
        if niche is not None:
            best.setdefault(niche, one)
    return tuple(best.values())
