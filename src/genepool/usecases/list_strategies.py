"""What evolution starts from, what it may strive for, and what may choose the genomes."""

import inspect
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from genepool.genome import Gene
from genepool.objectives import objectives
from genepool.optimizers import optimizers
from genepool.risk_genes import RISK_GENES
from genepool.strategies import Strategy, seed_strategies
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class DescribedGene(Document):
    """A gene; its numbers are whole where its values are."""

    name: str
    low: float
    high: float
    step: float
    integer: bool
    default: float
    off: float | None
    meaning: str


@dataclass(frozen=True, slots=True)
class DescribedStrategy(Document):
    """Everything there is to know about a seed strategy; periods are in candles."""

    name: str
    summary: str
    rule: str
    source: str
    genes: Sequence[DescribedGene]
    risk_genes: Sequence[DescribedGene]
    lookback: int
    longest_lookback: int
    requires: Sequence[str]
    learning: bool
    version: int


@dataclass(frozen=True, slots=True)
class DescribedObjective(Document):
    """What a run may strive for."""

    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class DescribedOptimizer(Document):
    """What may choose the genomes of a run, and the packages that it needs where the run is planned."""

    name: str
    summary: str
    source: str
    needs: Sequence[str]


def list_strategies() -> list[DescribedStrategy]:
    """Return every seed strategy, by name."""
    return [described_strategy(seed) for seed in seed_strategies().values()]


def list_objectives() -> list[DescribedObjective]:
    """Return every objective, by name."""
    return [DescribedObjective(name, found.summary) for name, found in objectives().items()]


def list_optimizers() -> list[DescribedOptimizer]:
    """Return every optimizer, by name."""
    return [
        DescribedOptimizer(name, found.summary, found.source, found.needs)
        for name, found in optimizers().items()
    ]


def described_strategy(strategy: Strategy) -> DescribedStrategy:
    """Return a strategy as a document."""
    return DescribedStrategy(
        name=strategy.name,
        summary=strategy.summary,
        rule=strategy_rule(strategy),
        source=strategy.source,
        genes=[_gene(gene) for gene in strategy.genes],
        risk_genes=[_gene(gene) for gene in RISK_GENES],
        lookback=strategy.total_lookback(strategy.genome().values),
        longest_lookback=strategy.longest_lookback,
        requires=sorted(strategy.requires),
        learning=strategy.learning,
        version=strategy.version,
    )


def strategy_rule(strategy: Strategy) -> str:
    """Return how the rule is told where it is written, the docstring of its module, as Markdown."""
    told = inspect.getdoc(sys.modules[strategy.exposure.__module__]) or strategy.summary
    return told.replace("``", "`")


def _gene(gene: Gene) -> DescribedGene:
    kind = int if gene.integer else float
    return DescribedGene(
        name=gene.name,
        low=kind(gene.low),
        high=kind(gene.high),
        step=kind(gene.step),
        integer=gene.integer,
        default=kind(gene.default),
        off=None if gene.off is None else kind(gene.off),
        meaning=gene.meaning,
    )
