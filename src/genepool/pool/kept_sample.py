"""A few of the genomes that a run tried, the same ones on every machine, and how overfitted their best is."""

from collections.abc import Iterable
from heapq import nsmallest

import numpy as np

from genepool.backtest.problem import Problem
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.market.candles import FloatArray
from genepool.pool.variants import Variants
from genepool.robustness.overfitting import block_sums, enough, probability_by_blocks

# One in so many is traded once more, so that all of it takes about a hundredth of what evaluating takes.
ONE_IN = 100
# More would cost each figure more, and change it little.
MOST = 64
# Of indicator rows, beside those of everything else that a coordinator does.
_BUDGET = 32 * 2**20


class KeptSample:
    """The genomes with the smallest fingerprints of all that a run has scored: one in a hundred, 64 at most.

    Fingerprints are digests, so this is a random draw without a seed, and independent of the order.
    """

    def __init__(self) -> None:
        self._scored = 0
        self._smallest: list[Genome] = []

    def take(self, newborn: Iterable[Individual]) -> None:
        """Take everybody who was born in a generation into account; those that failed are left out."""
        scored = [one.genome for one in newborn if one.evaluation.scored is not None]
        self._scored += len(scored)
        self._smallest = nsmallest(MOST, [*self._smallest, *scored], key=lambda genome: genome.fingerprint)

    @property
    def genomes(self) -> tuple[Genome, ...]:
        """The sample as it is now."""
        return tuple(self._smallest[: self._scored // ONE_IN])


class SampleReturns:
    """What genomes of a sample made of each block of candles; of whole series nothing is kept.

    Parameters
    ----------
    problem
        What they are scored against.
    """

    def __init__(self, problem: Problem) -> None:
        self._variants = Variants(problem, _BUDGET)
        self._sums: dict[str, FloatArray | None] = {}
        self._candles = 0

    def knows(self, genome: Genome) -> bool:
        """Return whether it was traded."""
        return genome.fingerprint in self._sums

    def trade(self, genome: Genome) -> None:
        """Trade a genome over both spans, as the check of a finished run does."""
        returns = self._variants.returns(genome)
        varies = returns is not None and np.ptp(returns) > 0.0
        if returns is not None:
            self._candles = len(returns)
        self._sums[genome.fingerprint] = block_sums(returns) if returns is not None and varies else None

    def overfitting(self, genomes: Iterable[Genome]) -> tuple[int, float] | None:
        """Return how many traded differently, and how probably their best is overfitted.

        Parameters
        ----------
        genomes
            The sample, traded; all others are forgotten.

        Returns
        -------
        tuple or None
            None where there are too few genomes, or candles.
        """
        self._sums = {one.fingerprint: self._sums[one.fingerprint] for one in genomes}
        # Those that traded alike have the same sums.
        tried = {sums.tobytes(): sums for sums in self._sums.values() if sums is not None}
        if not enough(self._candles, len(tried)):
            return None
        return len(tried), probability_by_blocks(list(tried.values()), self._candles)
