"""How a population is bred: the settings of one run."""

import math
from dataclasses import dataclass

from genepool.errors import ConfigError

_AT_LEAST = {
    "population_size": 2,
    "generations": 1,
    "evaluations": 1,
    "minutes": 0,
    "plateau": 1,
    "elites": 0,
    "species_floor": 0,
    "tournament_size": 1,
}
_SHARES = ("crossover_rate", "mutation_rate", "immigrant_share")


@dataclass(frozen=True, slots=True)
class EvolutionSettings:
    """How a population is bred.

    Parameters
    ----------
    population_size
        Individuals per generation.
    generations
        Generations at most, the first included.
    evaluations
        Unique evaluations at most; None for no limit.
    minutes
        Wall-clock budget; None for no limit. A run that it stops is resumable but not repeatable.
    plateau
        Stop after this many generations without a better best; None for never.
    elites
        Best of each species that are carried over unchanged until as many better ones are found.
    species_floor
        Members that each species keeps at the least, as far as the places go round.
    crossover_rate, mutation_rate
        Probabilities per offspring and per gene; a mutation changes one gene in any case.
    immigrant_share
        Share of offspring drawn afresh.
    tournament_size
        Contestants per parent.
    optimizer
        What chooses the genomes, a name among ``optimizers``; only the genetic one crosses and mutates.

    Raises
    ------
    ConfigError
        When a count is too small, a share lies outside 0 to 1, or the minutes have no end.
    """

    population_size: int = 100
    generations: int = 15
    evaluations: int | None = None
    minutes: float | None = None
    plateau: int | None = None
    elites: int = 1
    species_floor: int = 3
    crossover_rate: float = 0.8
    mutation_rate: float = 0.05
    immigrant_share: float = 0.05
    tournament_size: int = 4
    optimizer: str = "genetic"

    def __post_init__(self) -> None:
        for name, least in _AT_LEAST.items():
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise ConfigError(f"{name} is {value}: give {least} or more")
        if self.minutes == math.inf:
            raise ConfigError("minutes is inf: leave it out for no limit")
        for name in _SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} is {getattr(self, name)}: give a share from 0 to 1")

    def room(self, tried: int) -> int:
        """Return how many genomes the next generation may have after so many evaluations."""
        if self.evaluations is None:
            return self.population_size
        return min(self.population_size, max(self.evaluations - tried, 0))
