"""The risk genes at work on an exposure that is known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from genepool.backtest.overlay import SCALE_TOLERANCE, traded_exposure
from genepool.errors import InvalidCandles
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import sma
from genepool.indicators.volatility import annual_volatility
from genepool.market.candles import FloatArray
from genepool.risk_genes import VOLATILITY_PERIOD
from genepool.strategies import Strategy
from tests.fakes.markets import random_market, without

COUNT = 1_200
CANDLES = random_market(2, COUNT)


def rule(exposure: Callable[[int], FloatArray], lookback: int = 5) -> Strategy:
    return Strategy(
        name="known",
        summary="Wants what the test says.",
        source="this test",
        genes=(),
        exposure=lambda bank, _: exposure(len(bank.candles)),
        lookback=lambda _: lookback,
    )


def always(value: float) -> Strategy:
    return rule(lambda count: np.full(count, value))


def alternating(count: int) -> FloatArray:
    return np.where(np.arange(count) // 100 % 2 == 0, 1.0, -1.0)


def traded(strategy: Strategy, limit: float = 1.0, **genes: float) -> FloatArray:
    genome: Genome = strategy.genome(genes)
    return traded_exposure(strategy, IndicatorBank(CANDLES), genome.values, limit)


def test_with_every_gene_off_only_the_lookback_is_blanked() -> None:
    wanted = traded(rule(alternating, lookback=50))
    assert not wanted[:50].any()
    assert np.array_equal(wanted[50:], alternating(COUNT)[50:])


@pytest.mark.parametrize("direction", [1, -1])
def test_direction_leaves_one_side_alone_and_empties_the_other(direction: int) -> None:
    wanted, base = traded(rule(alternating), direction=direction)[5:], alternating(COUNT)[5:]
    assert np.array_equal(wanted, np.where(base * direction > 0, base, 0.0))


def test_the_trend_filter_permits_longs_above_and_shorts_below_the_average() -> None:
    average = sma(IndicatorBank(CANDLES), 50)
    above = CANDLES.close > average
    longs, shorts = (traded(always(side), trend_filter=50)[50:] for side in (1.0, -1.0))
    assert np.array_equal(longs != 0, above[50:])
    assert np.array_equal(shorts != 0, ~above[50:])


def test_the_volatility_target_scales_each_entry() -> None:
    volatility = annual_volatility(IndicatorBank(CANDLES), VOLATILITY_PERIOD)
    wanted = traded(rule(alternating), limit=100.0, volatility_target=0.5)
    for entry in range(500, COUNT, 100):
        assert abs(wanted[entry]) == pytest.approx(0.5 / volatility[entry], rel=1e-12)


def test_the_scale_in_force_is_reset_only_when_it_is_a_quarter_off() -> None:
    volatility = annual_volatility(IndicatorBank(CANDLES), VOLATILITY_PERIOD)
    wanted = traded(always(1.0), limit=100.0, volatility_target=0.5)
    begin = int(np.flatnonzero(wanted)[0])
    fair = 0.5 / volatility[begin:]
    assert (np.abs(fair - wanted[begin:]) <= SCALE_TOLERANCE * wanted[begin:] * (1 + 1e-12)).all()
    resets = np.flatnonzero(np.diff(wanted[begin:])) + 1
    assert 0 < len(resets) < COUNT / 20
    assert wanted[begin:][resets] == pytest.approx(fair[resets], rel=1e-12)
    former = wanted[begin:][resets - 1]
    assert (np.abs(fair[resets] - former) > SCALE_TOLERANCE * former).all()


@pytest.mark.parametrize("limit", [0.5, 1.0, 3.0])
def test_the_leverage_limit_comes_last(limit: float) -> None:
    wanted = traded(rule(alternating), limit=limit, volatility_target=1.0)
    assert np.abs(wanted).max() <= limit
    assert np.abs(traded(always(-1.0), limit=0.5)).max() == 0.5


def test_a_price_that_does_not_move_takes_the_limit() -> None:
    price = np.full(COUNT, 100.0)
    still = replace(CANDLES, open=price, high=price, low=price, close=price)
    strategy = always(1.0)
    genes = strategy.genome({"volatility_target": 0.5}).values
    assert traded_exposure(strategy, IndicatorBank(still), genes, 2.0)[-1] == 2.0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_exposure_that_is_not_finite_is_refused(value: float) -> None:
    def broken(count: int) -> FloatArray:
        wanted = np.ones(count)
        wanted[700] = value
        return wanted

    with pytest.raises(ArithmeticError, match="known wants an exposure that is not a finite number"):
        traded(rule(broken))


def test_what_is_not_finite_before_the_lookback_does_no_harm() -> None:
    def warming(count: int) -> FloatArray:
        wanted = np.ones(count)
        wanted[:5] = np.nan
        return wanted

    assert np.array_equal(traded(rule(warming))[:6], [0, 0, 0, 0, 0, 1])


def test_a_missing_column_is_named() -> None:
    strategy = replace(always(1.0), requires=frozenset({"funding"}))
    bank = IndicatorBank(without(CANDLES, "funding"))
    with pytest.raises(InvalidCandles, match="known needs the column funding, which TEST lacks"):
        traded_exposure(strategy, bank, strategy.genome().values, 1.0)
