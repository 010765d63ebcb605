"""Genomes from gene indices and back, by tables that fill as they are read."""

from collections.abc import Sequence
from operator import getitem, itemgetter

from genepool.genome import Gene, Genome, fingerprint_of, known_as, written_gene
from genepool.strategies import Strategy


class _Values(dict[int, tuple[tuple[str, float], str]]):
    """By index, a gene's name and value, and both as fingerprints have them."""

    def __init__(self, gene: Gene) -> None:
        super().__init__()
        self._gene = gene

    def __missing__(self, index: int) -> tuple[tuple[str, float], str]:
        name, value = self._gene.name, self._gene.quantise(self._gene.at(index))
        entry = self[index] = (name, value), written_gene(name, value)
        return entry


class _Indices(dict[float, int]):
    """A gene's index by value."""

    def __init__(self, gene: Gene) -> None:
        super().__init__()
        self._gene = gene

    def __missing__(self, value: float) -> int:
        index = self[value] = self._gene.index(value)
        return index


class GeneTables:
    """A strategy's genomes by the indices of their genes.

    Parameters
    ----------
    strategy
        Whose genomes they are.
    """

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        self._values = [_Values(gene) for gene in strategy.all_genes]
        names = [gene.name for gene in strategy.all_genes]
        self._by_name = itemgetter(*sorted(range(len(names)), key=names.__getitem__))
        self._indices = [_Indices(gene) for gene in strategy.all_genes]

    def genome_at(self, indices: Sequence[int]) -> Genome:
        """Return the repaired genome at these gene indices; what follows them is not read."""
        strategy, by_name = self._strategy, self._by_name
        genes, written = zip(*map(getitem, self._values, indices), strict=True)
        values = dict(genes)
        # Permitted values stay what they are when they are quantised again.
        if strategy.repair(values) != values:
            return strategy.normalised(values)
        return known_as(fingerprint_of(strategy.name, by_name(written)), strategy.name, genes)

    def indices_of(self, genome: Genome) -> list[int]:
        """Return a genome's gene indices."""
        return [table[value] for table, (_, value) in zip(self._indices, genome.genes, strict=True)]
