"""How different the individuals of a population are, in time proportional to its genes."""

from collections import Counter
from collections.abc import Iterable

from genepool.genome import Genome


def diversity(genomes: Iterable[Genome]) -> float:
    """Return the share of their genes in which two of these genomes, drawn at random, differ.

    Two genomes of one strategy differ in the share of genes whose values are not equal; two of
    different strategies differ in all. 0 means that all are twins, 1 that no two share a gene value.
    It is Gini and Simpson's index, taken gene by gene; fewer than two genomes have 0.
    """
    by_strategy: dict[str, list[Genome]] = {}
    for genome in genomes:
        by_strategy.setdefault(genome.strategy, []).append(genome)
    pairs = _pairs(sum(len(members) for members in by_strategy.values()))
    alike = sum(_likeness(members) for members in by_strategy.values())
    return 1.0 - alike / pairs if pairs else 0.0


def _likeness(members: list[Genome]) -> float:
    """Add up over all pairs the share of genes that are equal."""
    values = Counter(gene for genome in members for gene in genome.genes)
    genes = len(members[0].genes)
    return sum(map(_pairs, values.values())) / genes if genes else float(_pairs(len(members)))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
