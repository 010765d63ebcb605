"""What a strategy is: genes, and a pure function from indicators to a wanted exposure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from genepool.errors import ConfigError
from genepool.genome import Gene, Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.risk_genes import RISK_GENES, risk_lookback

Genes: TypeAlias = Mapping[str, float]


def _as_they_are(genes: Genes) -> Genes:
    return genes


@dataclass(frozen=True)
class Strategy:
    """A seed strategy.

    Parameters
    ----------
    name
        Module name, snake_case.
    summary
        One sentence: what it bets on.
    source
        Where the rule comes from: author, title, year.
    genes
        Its own genes, without the risk genes that every genome carries.
    exposure
        Pure function of bank and genes: the exposure wanted at each candle's close, float64 of
        shape (n,), within [-1, 1], finite, computed from candles up to and including that one, and
        free to be anything before the lookback (the caller blanks it). It returns a new array that
        the caller may write to.
    lookback
        Candles needed before the first decision, from the genes.
    repair
        Turns degenerate gene values (fast >= slow) into permitted ones by rule; idempotent.
    requires
        Columns beside prices that the strategy cannot do without.
    learning
        Whether it refits a model as it goes: slower, sent to workers with memory.
    fitted
        Names of the genes that its model depends on: genomes that agree in them share every fit.
    version
        Raised whenever the rule changes; part of every cache key.
    """

    name: str
    summary: str
    source: str
    genes: tuple[Gene, ...]
    exposure: Callable[[IndicatorBank, Genes], FloatArray]
    lookback: Callable[[Genes], int]
    repair: Callable[[Genes], Genes] = _as_they_are
    requires: frozenset[str] = frozenset()
    learning: bool = False
    fitted: tuple[str, ...] = ()
    version: int = 1

    @cached_property
    def all_genes(self) -> tuple[Gene, ...]:
        """Its own genes, then the risk genes."""
        return (*self.genes, *RISK_GENES)

    def genome(self, values: Genes | None = None) -> Genome:
        """Build a genome from gene values; genes left out take their defaults.

        Raises
        ------
        ConfigError
            When a gene is unknown, or a value lies outside its bounds.
        """
        given = dict(values or {})
        known = {gene.name for gene in self.all_genes}
        if unknown := sorted(set(given) - known):
            names = ", ".join(gene.name for gene in self.all_genes)
            raise ConfigError(f"{self.name} has no gene {unknown[0]!r}: it has {names}")
        for gene in self.all_genes:
            value = given.get(gene.name, gene.default)
            if not gene.low <= value <= gene.high:
                raise ConfigError(
                    f"{self.name}: {gene.name}={value:g} is outside {gene.low:g} to {gene.high:g}"
                )
        return self.normalised(given)

    def normalised(self, values: Genes) -> Genome:
        """Clip, quantise, repair and order gene values; never refuses a number."""
        quantised = {gene.name: gene.quantise(values.get(gene.name, gene.default)) for gene in self.all_genes}
        repaired = self.repair(quantised)
        return Genome(
            self.name,
            tuple((gene.name, gene.quantise(repaired[gene.name])) for gene in self.all_genes),
        )

    def random_genome(self, rng: np.random.Generator) -> Genome:
        """Draw a genome, each gene uniformly over its permitted values, then repaired."""
        return self.normalised({gene.name: gene.draw(rng) for gene in self.all_genes})

    def total_lookback(self, genes: Genes) -> int:
        """Candles before the first decision, risk genes included."""
        return max(self.lookback(genes), risk_lookback(genes))

    def family(self, genome: Genome) -> tuple[float, ...]:
        """Values of the genes that decide which fits a genome of this strategy shares; empty for none."""
        return tuple(genome.values[name] for name in self.fitted)

    @cached_property
    def longest_lookback(self) -> int:
        """Largest lookback over the corners of the gene space where every gene is at its highest."""
        return self.total_lookback(self.normalised({gene.name: gene.high for gene in self.all_genes}).values)
