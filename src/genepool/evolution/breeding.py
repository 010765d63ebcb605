"""One offspring: parents by tournament, crossover, mutation, lineage."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from genepool.evolution.operators import tournament, uniform_crossover
from genepool.evolution.ordering import failed
from genepool.evolution.population import Candidate, Individual, Operator
from genepool.evolution.settings import EvolutionSettings
from genepool.evolution.variation import blend, genome_at, indices_of, mutate
from genepool.genome import Genome
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

# Chance that a crossover takes risk genes from any species instead of all genes from its own.
FOREIGN_CHANCE = 0.3
# Chance that a crossover within a species blends genes instead of exchanging them.
BLEND_CHANCE = 0.3
# Share of genes that a uniform crossover exchanges.
EXCHANGE_SHARE = 0.3
# Chance that an offspring of a crossover is mutated as well.
MUTATED_TOO_CHANCE = 0.5


@dataclass(frozen=True)
class Draws:
    """The generators of one slot of one generation, derived when they are first needed."""

    seed: int
    generation: int
    slot: int

    @cached_property
    def breeding(self) -> np.random.Generator:
        """For parents, crossover and mutation."""
        return generator(self.seed, Purpose.SELECTION, self.generation, self.slot)

    @cached_property
    def fresh(self) -> np.random.Generator:
        """For genomes without parents."""
        purpose = Purpose.IMMIGRANT if self.generation else Purpose.INITIAL_GENOME
        return generator(self.seed, purpose, self.generation, self.slot)


class Stock:
    """Those that may be parents: the living members of a population, best first, and of each species."""

    def __init__(self, best_first: Sequence[Individual]) -> None:
        self.living = [one for one in best_first if not failed(one)]
        self._species: dict[str, list[Individual]] = {}
        for one in self.living:
            self._species.setdefault(one.genome.strategy, []).append(one)

    def of(self, species: str) -> list[Individual]:
        """Return the living members of a species, best first."""
        return self._species.get(species, [])


def breed(
    stock: Stock, strategy: Strategy, settings: EvolutionSettings, rng: np.random.Generator
) -> Candidate | None:
    """Breed one offspring of a species; None when the species has no living parent.

    Parameters
    ----------
    stock
        Those that may be parents.
    strategy
        The species.
    settings
        Rates and tournament size.
    rng
        Where the draws come from.
    """
    parents = stock.of(strategy.name)
    if not parents:
        return None
    first, second = (parents[k] for k in tournament(len(parents), settings.tournament_size, 2, rng))
    origin = indices_of(strategy, first.genome)
    child, mate = origin, second
    if rng.random() < settings.crossover_rate:
        if rng.random() < FOREIGN_CHANCE:
            (place,) = tournament(len(stock.living), settings.tournament_size, 1, rng)
            mate = stock.living[place]
            child = _with_risk_genes_of(mate.genome, strategy, origin, rng)
        else:
            child = _crossed(origin, indices_of(strategy, mate.genome), rng)
    crossed = child != origin
    operator: Operator = "crossover"
    if not crossed or rng.random() < MUTATED_TOO_CHANCE:
        child = mutate(strategy.all_genes, child, settings.mutation_rate, rng)
        operator = "crossover+mutation" if crossed else "mutation"
    genome = genome_at(strategy, child)
    parentage = (first, mate) if crossed else (first,)
    fingerprints = tuple(parent.genome.fingerprint for parent in parentage)
    return Candidate(genome, operator, fingerprints, differences(first.genome, genome))


def differences(parent: Genome, child: Genome) -> tuple[str, ...]:
    """Return the names of the genes in which a child differs from its parent, in gene order."""
    return tuple(name for name, value in child.genes if value != parent.values[name])


def _crossed(origin: list[int], other: list[int], rng: np.random.Generator) -> list[int]:
    if rng.random() < BLEND_CHANCE:
        return blend(origin, other, rng)
    return uniform_crossover(origin, other, EXCHANGE_SHARE, rng)


def _with_risk_genes_of(
    mate: Genome, strategy: Strategy, origin: list[int], rng: np.random.Generator
) -> list[int]:
    # The genes that every species carries stand last.
    own = len(strategy.genes)
    other = [gene.index(mate.values[gene.name]) for gene in strategy.all_genes[own:]]
    return origin[:own] + uniform_crossover(origin[own:], other, EXCHANGE_SHARE, rng)
