"""How genomes are written for people: only the genes that matter, in few characters."""

from collections.abc import Mapping

from genepool.genome import Genome
from genepool.strategies import Strategy


def gene_value(value: float) -> str:
    """Return a gene's value without needless digits."""
    return f"{value:.6g}"


def telling_genes(genome: Genome, strategies: Mapping[str, Strategy]) -> tuple[tuple[str, str], ...]:
    """Return the genes that have an effect, as (name, value) texts in their declared order.

    Genes at their off value are left out. A genome of a strategy that is no longer known is written
    with all of its genes.
    """
    strategy = strategies.get(genome.strategy)
    off = {gene.name: gene.off for gene in strategy.all_genes if gene.off is not None} if strategy else {}
    return tuple((name, gene_value(value)) for name, value in genome.genes if value != off.get(name))


def compact_genes(genome: Genome, strategies: Mapping[str, Strategy]) -> str:
    """Return the genes that have an effect as one line, such as ``fast=12 slow=48 atr_stop=2.5``."""
    return " ".join(f"{name}={value}" for name, value in telling_genes(genome, strategies))
