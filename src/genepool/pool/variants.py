"""What robustness checks want traded again, traded: on this process, each genome once."""

from dataclasses import replace

import numpy as np

from genepool.backtest.account import EQUITY_ROW
from genepool.backtest.measuring import measures_of
from genepool.backtest.overlay import traded_exposure
from genepool.backtest.problem import Problem
from genepool.backtest.trades import trades_of
from genepool.backtest.venue import Recording, Venue
from genepool.errors import DataError
from genepool.genome import Genome
from genepool.indicators.bank import DEFAULT_BUDGET, IndicatorBank
from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.robustness.checks import Variant, VariantResult


class Variants:
    """Trades variants over the spans of a problem; what two checks ask for is traded once.

    Parameters
    ----------
    problem
        Candles, spans and usual costs.
    budget
        Bytes of indicator rows to keep.
    """

    def __init__(self, problem: Problem, budget: int = DEFAULT_BUDGET) -> None:
        self._problem = problem
        self._bank = IndicatorBank(problem.candles, budget)
        self._venues: dict[CostModel, Venue] = {}
        self._known: dict[tuple[str, CostModel, int], VariantResult | None] = {}

    def __call__(self, variant: Variant) -> VariantResult | None:
        """Return what a variant did; None where its result is not a number."""
        costs = variant.costs or self._problem.costs
        if variant.genome is None:
            return self._traded(variant, costs)
        key = variant.genome.fingerprint, costs, variant.delay
        if key not in self._known:
            self._known[key] = self._traded(variant, costs)
        return self._known[key]

    def returns(self, genome: Genome) -> FloatArray | None:
        """Return what a genome made of each candle, of both spans in order; nothing of it is kept.

        None where it is not a number.
        """
        try:
            bred, walked = self._recorded(Variant(genome), self._problem.costs)
        except (ArithmeticError, DataError):
            return None
        return np.concatenate(
            [_returns(bred, (self._problem.in_sample,)), _returns(walked, self._problem.folds)]
        )

    def _traded(self, variant: Variant, costs: CostModel) -> VariantResult | None:
        try:
            bred, walked = self._recorded(variant, costs)
            return replace(self._result(walked), in_sample=_returns(bred, (self._problem.in_sample,)))
        except (ArithmeticError, DataError):
            return None

    def _recorded(self, variant: Variant, costs: CostModel) -> tuple[Recording, Recording]:
        """Trade over the in-sample span, and over the folds."""
        wanted, distances = self._wanted(variant)
        venue = self._venue(costs)
        return (
            venue.record(wanted, np.array([self._problem.in_sample]), *distances),
            venue.record(wanted, np.array(self._problem.folds), *distances),
        )

    def _venue(self, costs: CostModel) -> Venue:
        if costs not in self._venues:
            self._venues[costs] = Venue(self._bank, costs)
        return self._venues[costs]

    def _wanted(self, variant: Variant) -> tuple[FloatArray, tuple[float, float]]:
        distances = 0.0, 0.0
        if variant.exposure is not None:
            wanted = variant.exposure
        elif variant.genome is not None:
            wanted = self._exposure(variant.genome)
            distances = variant.genome.values["atr_stop"], variant.genome.values["atr_target"]
        else:
            raise ValueError("a variant has a genome or an exposure")
        late = np.zeros(len(wanted))
        late[variant.delay :] = wanted[: len(wanted) - variant.delay]
        return late, distances

    def _exposure(self, genome: Genome) -> FloatArray:
        strategy = self._problem.strategies[genome.strategy]
        return traded_exposure(strategy, self._bank, genome.values, self._problem.costs.max_leverage)

    def _result(self, walked: Recording) -> VariantResult:
        stamps, folds = self._problem.candles.stamps, self._problem.folds
        trades = trades_of(walked, stamps)
        return VariantResult(
            in_sample=np.empty(0),
            walk_forward=_returns(walked, folds),
            measures=measures_of(walked.outcomes[-1], self._problem.candles_per_year),
            entries=np.searchsorted(stamps, trades.entry_stamps),
            exits=np.searchsorted(stamps, trades.exit_stamps),
            sizes=trades.sides * trades.largest_units * trades.entry_prices / trades.opening_equities,
        )


def _returns(recording: Recording, spans: tuple[tuple[int, int], ...]) -> FloatArray:
    inside = np.concatenate([np.arange(*span) for span in spans])
    equity = np.concatenate([[1.0], recording.curve[EQUITY_ROW, inside]])
    before = equity[:-1]
    steps: FloatArray = np.divide(np.diff(equity), before, out=np.zeros_like(before), where=before > 0.0)
    return steps
