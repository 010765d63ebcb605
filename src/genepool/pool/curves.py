"""How a search went from generation to generation, as far as it is drawn."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from genepool.evolution.population import Population
from genepool.market.candles import FloatArray

_QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
# A picture is some hundred pixels wide: with more points it is larger and shows no more.
_POINTS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class GenerationPoint:
    """What the curves show of one generation.

    Parameters
    ----------
    generation
        Its number.
    fitness
        Worst, lower quartile, median, upper quartile and best, float64 of shape (5,); None where nobody
        scored.
    species
        Members by strategy.
    """

    generation: int
    fitness: FloatArray | None
    species: Mapping[str, int]

    def shares(self, names: list[str]) -> list[float]:
        """Return the share of each strategy among the members."""
        members = max(sum(self.species.values()), 1)
        return [self.species.get(name, 0) / members for name in names]


def point_of(population: Population) -> GenerationPoint:
    """Return what the curves show of a population."""
    scores = np.array([i.fitness for i in population.individuals if i.fitness is not None], dtype=np.float64)
    return GenerationPoint(
        population.generation,
        np.quantile(scores, _QUARTILES) if len(scores) else None,
        Counter(individual.genome.strategy for individual in population.individuals),
    )


class Curve:
    """A fold over populations: a point of each, or of a long run every second, fourth, eighth and so on.

    Parameters
    ----------
    points
        How many are kept at most, the newest not counted.
    """

    def __init__(self, points: int = _POINTS) -> None:
        self._most = points
        self._kept: list[GenerationPoint] = []
        self._newest: Population | None = None
        self._stride = 1

    def take(self, population: Population) -> None:
        """Add the next generation's."""
        self._newest = population
        if population.generation % self._stride:
            return
        self._kept.append(point_of(population))
        if len(self._kept) > self._most:
            self._kept, self._stride = self._kept[::2], 2 * self._stride

    def result(self) -> tuple[GenerationPoint, ...]:
        """Return the points, the first and the newest generation among them."""
        newest = self._newest
        if newest is None or self._kept[-1].generation == newest.generation:
            return tuple(self._kept)
        return (*self._kept, point_of(newest))
