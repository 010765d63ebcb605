"""Measures from sums: formulas, bounds, and what nothing at all measures."""

import math
from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest

from genepool.backtest.account import CANDLES, EQUITY, SIZE, SUM1, SUM2
from genepool.backtest.measuring import _exponential, _logarithm, fold_results, measures_of
from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.market.measures import RATIO_CAP
from tests.fakes.tiny_markets import Traded, flat


def outcome(**values: float) -> FloatArray:
    row = np.zeros(SIZE)
    row[EQUITY], row[CANDLES] = 1.0, 100.0
    places = {"equity": EQUITY, "candles": CANDLES, "sum1": SUM1, "sum2": SUM2}
    for name, value in values.items():
        row[places[name]] = value
    return row


def test_doing_nothing_measures_nothing() -> None:
    measures = asdict(Traded(flat(100, 50), [0] * 50).measures)
    assert measures.pop("kurtosis") == 3
    assert measures.pop("candles") == 50
    assert set(measures.values()) == {0}


@pytest.mark.parametrize("exponent", [-20.0, -1.0, -1e-9, 0.0, 1e-12, 0.3, 1.0, 6.9, 100.0])
def test_the_portable_power_agrees_with_the_library(exponent: float) -> None:
    assert _exponential(exponent) == pytest.approx(math.exp(exponent), rel=1e-14)
    assert _logarithm(math.exp(exponent)) == pytest.approx(exponent, rel=1e-14, abs=1e-15)


def test_the_portable_power_of_zero_is_exactly_one() -> None:
    assert _exponential(0.0) == 1
    assert _logarithm(1.0) == 0


def test_the_annual_return_compounds() -> None:
    row = outcome(equity=1.21, candles=2 * 8_760)
    assert measures_of(row, 8_760).annual_return == pytest.approx(0.1, rel=1e-12)
    assert measures_of(outcome(equity=0.5, candles=8_760), 8_760).annual_return == pytest.approx(
        -0.5, rel=1e-12
    )


def test_an_annual_return_is_bounded_both_ways() -> None:
    assert measures_of(outcome(equity=2.0, candles=10), 8_760).annual_return == RATIO_CAP
    assert measures_of(outcome(equity=1e-300, candles=10), 8_760).annual_return == -1
    assert measures_of(outcome(equity=0.0), 8_760).annual_return == -1


def test_ratios_without_a_denominator_are_the_cap() -> None:
    measures = Traded([*flat(100, 2), *flat(110), *flat(121)], [1] * 4).measures
    assert (measures.sortino, measures.calmar, measures.profit_factor) == (RATIO_CAP,) * 3
    assert measures.win_rate == 1


def test_equal_returns_have_no_volatility_and_no_sharpe() -> None:
    row = outcome(sum1=100 * 0.001, sum2=100 * 0.001**2 * (1 + 1e-15))
    measures = measures_of(row, 8_760)
    assert (measures.volatility, measures.sharpe, measures.skew, measures.kurtosis) == (0, 0, 0, 3)


@pytest.mark.parametrize("wobble", [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8])
def test_returns_that_hardly_vary_have_a_possible_shape(wobble: float) -> None:
    rng = np.random.default_rng(1)
    returns = 0.001 * (1 + wobble * rng.standard_normal(800))
    close = 100 * np.cumprod(1 + returns)
    rising = [(opened, closed, opened, closed) for opened, closed in pairwise([100.0, *close.tolist()])]
    rows = [*flat(100, 2), *rising]
    measures = Traded(rows, [1] * len(rows), spans=[(2, len(rows))]).measures
    assert measures.skew == pytest.approx(0, abs=0.3)
    assert measures.kurtosis == pytest.approx(3, abs=0.6)


def test_one_return_has_no_deviation() -> None:
    assert measures_of(outcome(candles=1, sum1=0.1, sum2=0.01), 8_760).sharpe == 0


def test_drawdown_counts_from_the_opening_equity_and_its_length_in_candles() -> None:
    rows = [*flat(100, 2), *flat(90), *flat(80), *flat(99), *flat(101), *flat(100)]
    measures = Traded(rows, [1] * 7).measures
    assert measures.max_drawdown == pytest.approx(0.2)
    assert measures.max_drawdown_candles == 3


def test_time_under_the_peak_continues_while_flat() -> None:
    measures = Traded([*flat(100, 2), *flat(90, 10)], [1, 1, 0, *[0] * 9]).measures
    assert measures.max_drawdown_candles == 10


def test_exposure_is_the_share_of_closes_with_a_position() -> None:
    assert Traded(flat(100, 10), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]).measures.exposure == pytest.approx(0.3)


def test_win_rate_and_profit_factor_count_all_costs() -> None:
    rows = [*flat(100, 2), *flat(110, 4)]
    measures = Traded(rows, [1, 1, 0, 1, 0, 0], CostModel(taker_fee=0.001)).measures
    won = 0.1 - 0.001 - 0.0011
    lost = -(1 + won) * 0.002
    assert measures.win_rate == 0.5
    assert measures.profit_factor == pytest.approx(won / -lost, rel=1e-12)


def test_a_result_too_large_to_measure_is_an_error() -> None:
    with pytest.raises(ArithmeticError, match="too large"):
        measures_of(outcome(equity=math.inf), 8_760)


def test_a_fold_has_its_own_sharpe_and_return() -> None:
    rng = np.random.default_rng(5)
    close = 100 * np.cumprod(1 + rng.normal(0, 0.01, 60))
    rows = [(c, c, c, c) for c in close.tolist()]
    joined = Traded(rows, [1] * 60, spans=[(1, 30), (30, 60)])
    sharpes, returns = fold_results(joined.recording.outcomes, 8_760.0)
    for k, span in enumerate([(1, 30), (30, 60)]):
        alone = Traded(rows, [1] * 60, spans=[span]).measures
        assert sharpes[k] == pytest.approx(alone.sharpe, rel=1e-9)
        assert returns[k] == pytest.approx(alone.total_return, rel=1e-9)


def test_a_fold_after_ruin_returns_nothing() -> None:
    rows = [*flat(100, 2), *flat(10), *flat(100, 3)]
    outcomes = Traded(rows, [5] * 6, spans=[(0, 3), (3, 6)]).recording.outcomes
    assert fold_results(outcomes, 8_760.0)[1] == (-1.0, 0.0)
