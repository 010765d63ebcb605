"""Small changes to gene indices: steps, redraws, switches and blends, always within the bounds.

A genome is varied as the list of its genes' indices (``Gene.index``), so that every result is a
permitted value by construction.
"""

from collections.abc import Sequence

import numpy as np

from genepool.genome import Gene, Genome
from genepool.strategies import Strategy

# A step is at most the gene's range over one of these, drawn anew each time: wide and fine steps mix.
STEP_SHARES = (4, 8, 16, 32)
# Chance that a chosen gene is drawn afresh instead of stepped.
REDRAW_CHANCE = 0.3
# Chance that a chosen gene which is on, and could be off, is switched off.
SWITCH_CHANCE = 0.3


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
