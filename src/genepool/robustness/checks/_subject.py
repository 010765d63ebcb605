"""What a check is told of a champion, what it may have traded again, and what it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from genepool.backtest.evaluation import Scored
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.market.candles import FloatArray, IntArray
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.robustness.luck import HeldBenchmark
from genepool.robustness.neighbourhood import Tried


@dataclass(frozen=True, eq=False)
class Variant:
    """A genome, or an exposure, to be traded over the spans of the problem, at its terms or at others.

    Parameters
    ----------
    genome
        Who trades; None where the exposure is given.
    exposure
        Exposure wanted at each close of the problem's candles, of shape (n,), without stop or target.
    costs
        What trading costs; None for what it costs in the problem.
    delay
        By how many candles every decision comes late.
    """

    genome: Genome | None = None
    exposure: FloatArray | None = None
    costs: CostModel | None = None
    delay: int = 0


@dataclass(frozen=True, eq=False)
class VariantResult:
    """What a variant did. Candles are numbers of the problem's candles.

    Parameters
    ----------
    in_sample, walk_forward
        Return of each candle, of the in-sample span and of the folds joined in order.
    measures
        Of the folds.
    entries, exits
        Candles of the fills that began and ended each trade inside the folds, of shape (trades,).
    sizes
        Signed exposure of each trade when it was largest.
    """

    in_sample: FloatArray
    walk_forward: FloatArray
    measures: Measures
    entries: IntArray
    exits: IntArray
    sizes: FloatArray

    @cached_property
    def returns(self) -> FloatArray:
        """Of both spans, joined in order."""
        return np.concatenate([self.in_sample, self.walk_forward])


@dataclass(frozen=True, eq=False, kw_only=True)
class Subject:
    """A genome that is checked.

    Parameters
    ----------
    problem
        What it was scored against; it holds no sealed candle.
    genome, scored
        The genome, and what it scored.
    played
        What it did.
    benchmark
        The better of holding and short-holding inside the folds.
    bets
        Positions that it took inside the folds.
    trials
        Unique genomes ever tried on the data.
    board
        The first genomes of its run's leaderboard.
    tried
        Finds evaluations of the run.
    seed
        Of the run.
    """

    problem: Problem
    genome: Genome
    scored: Scored
    played: VariantResult
    benchmark: HeldBenchmark
    bets: float
    trials: int
    board: tuple[Genome, ...]
    tried: Tried
    seed: int

    @property
    def per_year(self) -> float:
        """Candles of a year."""
        return self.problem.candles_per_year

    @property
    def years(self) -> float:
        """Length of the folds."""
        return self.measures.candles / self.per_year

    @property
    def measures(self) -> Measures:
        """What it is judged by: its measures inside the folds."""
        return self.scored.walk_forward

    @property
    def sharpe(self) -> float:
        """Walk-forward Sharpe ratio per candle."""
        return float(self.measures.sharpe / np.sqrt(self.per_year))


# One for each variant, in order; None for one whose result is not a number.
AllResults: TypeAlias = Sequence[VariantResult | None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a check asked for.

    Parameters
    ----------
    results
        What its variants did, in the order asked.
    proposed
        What the check that proposes genomes found; None where there is none.
    unknown
        Whether genomes that it proposes were not evaluated, and none are now.
    """

    results: AllResults = ()
    proposed: object = None
    unknown: bool = False

    @property
    def first(self) -> VariantResult | None:
        """The only variant that was asked for."""
        return self.results[0]


def board_variants(subject: Subject) -> Sequence[Variant]:
    """Ask for everybody on the leaderboard, as they were scored."""
    return [Variant(genome) for genome in subject.board]


def distinct_returns(results: AllResults) -> FloatArray:
    """Return the candles' returns of those that differ and vary, of shape (candles, genomes), in order."""
    found: dict[bytes, FloatArray] = {}
    for one in results:
        if one is not None and np.ptp(one.returns) > 0.0:
            found.setdefault(one.returns.tobytes(), one.returns)
    return np.column_stack(list(found.values())) if found else np.empty((0, 0))
