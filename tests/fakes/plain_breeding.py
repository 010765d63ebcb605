"""Breeding one child after the other, by numpy's and Python's own generators and DEAP's operators.

The plain form of ``genepool.evolution.breeding_kernel``, and where the draws of recorded runs came from.

DEAP draws from Python's global ``random``. Each call here seeds it from a derived generator and puts
its state back afterwards.
"""

import random  # noqa: TID251 - DEAP draws from it; seeded and restored around every call
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from deap import tools

from genepool.evolution.breeding import differences
from genepool.evolution.breeding_kernel import (
    BLEND_CHANCE,
    EXCHANGE_SHARE,
    FOREIGN_CHANCE,
    MUTATED_TOO_CHANCE,
    REDRAW_CHANCE,
    STEP_SHARES,
    SWITCH_CHANCE,
)
from genepool.evolution.ordering import failed
from genepool.evolution.population import Candidate, Individual, Operator
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Gene, Genome
from genepool.strategies import Strategy

_SEED_BITS = 2**63


class Stock:
    """Those that may be parents: the living members of a population, best first, and of each species."""

    def __init__(self, best_first: Sequence[Individual]) -> None:
        self.living = [one for one in best_first if not failed(one)]

    def of(self, species: str) -> list[Individual]:
        """Return the living members of a species, best first."""
        return [one for one in self.living if one.genome.strategy == species]


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


@dataclass(frozen=True, slots=True)
class _Contestant:
    position: int
    merit: int


@contextmanager
def seeded(rng: np.random.Generator) -> Iterator[None]:
    """Seed the global generator from this one, and put its state back afterwards."""
    state = random.getstate()
    random.seed(int(rng.integers(_SEED_BITS)))
    try:
        yield
    finally:
        random.setstate(state)


def tournament(size: int, contestants: int, winners: int, rng: np.random.Generator) -> list[int]:
    """Pick among ``size`` members that stand best first; return the winners' positions.

    Parameters
    ----------
    size
        How many members there are, at least one.
    contestants
        How many are drawn for each winner, with replacement; the best of them wins.
    winners
        How many tournaments are held.
    rng
        Where the draws come from.
    """
    with seeded(rng):
        chosen = tools.selTournament(_line_up(size), winners, contestants, fit_attr="merit")
    return [winner.position for winner in chosen]


@lru_cache(maxsize=256)
def _line_up(size: int) -> tuple[_Contestant, ...]:
    return tuple(_Contestant(position, size - position) for position in range(size))


def uniform_crossover(
    first: Sequence[int], second: Sequence[int], share: float, rng: np.random.Generator
) -> list[int]:
    """Return the first parent's gene indices, each exchanged for the second's with this chance."""
    child, other = list(first), list(second)
    with seeded(rng):
        tools.cxUniform(child, other, share)
    return child


def indices_of(strategy: Strategy, genome: Genome) -> list[int]:
    """Return a genome's gene indices in the order in which its strategy declares the genes."""
    return [gene.index(genome.values[gene.name]) for gene in strategy.all_genes]


def genome_at(strategy: Strategy, indices: Sequence[int]) -> Genome:
    """Return the repaired genome at these gene indices."""
    genes = zip(strategy.all_genes, indices, strict=True)
    return strategy.normalised({gene.name: gene.at(index) for gene, index in genes})


def mutate(genes: Sequence[Gene], indices: Sequence[int], rate: float, rng: np.random.Generator) -> list[int]:
    """Return the indices with each gene changed at this rate, and at least one of them.

    Parameters
    ----------
    genes
        The genes, in order.
    indices
        Their indices; left as they are.
    rate
        Probability per gene.
    rng
        Where the draws come from.
    """
    chosen = rng.random(len(genes)) < rate
    chosen[int(rng.integers(len(genes)))] = True
    return [
        _changed(gene, index, rng) if pick else index
        for gene, index, pick in zip(genes, indices, chosen, strict=True)
    ]


def blend(first: Sequence[int], second: Sequence[int], rng: np.random.Generator) -> list[int]:
    """Return indices drawn between those of two parents, both included."""
    return [int(rng.integers(min(a, b), max(a, b) + 1)) for a, b in zip(first, second, strict=True)]


def _changed(gene: Gene, index: int, rng: np.random.Generator) -> int:
    if gene.size == 1:
        return index
    kind = rng.random()
    if gene.off is not None:
        off = gene.index(gene.off)
        if index == off:
            return _other(gene.size, off, rng)
        if kind < SWITCH_CHANCE:
            return off
    return _other(gene.size, index, rng) if kind >= 1.0 - REDRAW_CHANCE else _step(gene.size, index, rng)


def _other(size: int, index: int, rng: np.random.Generator) -> int:
    drawn = int(rng.integers(size - 1))
    return drawn + 1 if drawn >= index else drawn


def _step(size: int, index: int, rng: np.random.Generator) -> int:
    share = STEP_SHARES[int(rng.integers(len(STEP_SHARES)))]
    distance = int(rng.integers(1, max(size // share, 1) + 1))
    upwards = bool(rng.integers(2))
    moved = index + distance if upwards else index - distance
    return min(max(moved, 0), size - 1)
