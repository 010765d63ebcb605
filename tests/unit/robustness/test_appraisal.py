"""A backtest in the figures that a quant looks for, from real backtests of small markets."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from genepool.backtest.detailed import Backtest, backtest, buy_and_hold
from genepool.backtest.holding import LONG, SHORT, held
from genepool.backtest.warm_up import first_candle_that_could_trade
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.synthetic import synthetic_market
from genepool.robustness.appraisal import (
    BUY_AND_HOLD,
    SHORT_AND_HOLD,
    Appraisal,
    Run,
    appraise,
    sharpe_evidence,
)
from genepool.robustness.sharpe_statistics import sharpe_interval
from genepool.strategies import seed_strategies
from tests.fakes.tiny_markets import FREE, flat, tiny_market

COSTS = CostModel()


def market() -> Candles:
    return synthetic_market("regimes", 3, 3_000)


def traded() -> Backtest:
    return backtest(market(), seed_strategies()["sma_trend_filter"].genome({"period": 20}), COSTS, 500)


def appraised(result: Backtest) -> Appraisal:
    candles = market()
    sides = {BUY_AND_HOLD: LONG, SHORT_AND_HOLD: SHORT}
    benchmarks = {name: held(candles, COSTS, [(500, 3_000)], side) for name, side in sides.items()}
    run = Run(result.measures, result.stamps, result.equity, [result.trades])
    return appraise(run, benchmarks, candles.candles_per_year)


def test_what_is_told_of_trades_years_and_drawdowns_is_what_was_measured() -> None:
    result = traded()
    found = appraised(result)
    assert found.trades.trades == result.measures.trades
    assert found.trades.won / found.trades.trades == result.measures.win_rate
    assert found.trades.total_return == pytest.approx(result.measures.total_return, rel=1e-9)
    assert found.longs.trades + found.shorts.trades == found.trades.trades
    assert np.prod([1 + year.total_return for year in found.years]) == pytest.approx(result.equity[-1])
    assert found.drawdowns[0].depth == result.measures.max_drawdown
    assert set(found.against) == {BUY_AND_HOLD, SHORT_AND_HOLD}
    assert found.too_short is None


def test_holding_is_buy_and_hold_to_the_last_bit() -> None:
    ours, theirs = held(market(), COSTS, [(500, 3_000)], LONG), buy_and_hold(market(), COSTS, 500)
    assert ours.measures == theirs.measures
    assert np.array_equal(ours.equity, theirs.equity)


def test_holding_short_earns_what_the_price_falls_by() -> None:
    candles = tiny_market([*flat(100, 2), *flat(90), *flat(60)])
    found = held(candles, FREE, [(0, 4)], SHORT)
    assert found.equity == pytest.approx([1.0, 1.0, 1.1, 1.4])


def test_holding_over_folds_keeps_equity_and_leaves_what_lies_between_out() -> None:
    candles = tiny_market([*flat(100, 2), *flat(110), *flat(500, 2), *flat(250)])
    found = held(candles, FREE, [(1, 3), (4, 6)], LONG)
    assert found.equity == pytest.approx([1.0, 1.1, 1.1, 0.55])
    assert found.measures.candles == 4


def test_the_interval_is_a_normals_round_the_sharpe_ratio() -> None:
    # With a normal's moments the error is sqrt((1 + S^2 / 2) / (n - 1)).
    found = sharpe_interval(0.1, 401, confidence=0.95)
    reach = NormalDist().inv_cdf(0.975) * ((1 + 0.005) / 400) ** 0.5
    assert found == pytest.approx((0.1 - reach, 0.1 + reach))
    assert sharpe_interval(0.1, 1) is None


def test_the_interval_touches_zero_where_the_probability_is_that_of_its_tail() -> None:
    candles = market()
    measures = traded().measures
    found = sharpe_evidence(measures, candles.candles_per_year)
    assert found is not None
    assert (found.low + found.high) / 2 == pytest.approx(measures.sharpe)
    error = (found.high - found.low) / 2 / NormalDist().inv_cdf(0.975)
    assert found.probability_above_zero == pytest.approx(NormalDist().cdf(measures.sharpe / error))


def test_returns_that_never_vary_prove_nothing() -> None:
    assert sharpe_evidence(replace(traded().measures, volatility=0.0, sharpe=0.0), 8_760.0) is None


def test_two_returns_alone_may_be_too_skewed_to_know_an_error() -> None:
    measures = replace(traded().measures, sharpe=2.0 * 10.0, skew=1.0, kurtosis=2.0, candles=10)
    assert sharpe_evidence(measures, 100.0) is None


@pytest.mark.parametrize("period", [10, 20, 50])
def test_the_first_trade_of_a_rule_that_always_holds_a_side_is_where_it_could_trade(period: int) -> None:
    strategy, candles = seed_strategies()["sma_trend_filter"], market()
    genome = strategy.genome({"period": period})
    first = first_candle_that_could_trade(strategy, genome)
    assert backtest(candles, genome, COSTS).trades.entry_stamps[0] == candles.stamps[first]


def test_a_span_behind_the_lookback_could_trade_from_its_first_candle() -> None:
    strategy = seed_strategies()["sma_trend_filter"]
    genome = strategy.genome({"period": 20})
    assert first_candle_that_could_trade(strategy, genome, 500) == 500
    assert traded().trades.entry_stamps[0] == market().stamps[500]
