"""What is drawn of one generation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from genepool.evolution.population import Population
from genepool.market.candles import FloatArray

_QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


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
