"""Warm-up, flat prices, bad ticks and missing columns."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from genepool.errors import InvalidCandles
from genepool.indicators.bank import Indicator, IndicatorBank
from genepool.indicators.bollinger import bollinger_distance
from genepool.indicators.channels import highest, lowest, rolling_extreme
from genepool.indicators.funding import funding_rate
from genepool.indicators.ichimoku import leading_span_a, leading_span_b, midpoint
from genepool.indicators.momentum import rsi, stochastic_d, stochastic_k
from genepool.indicators.moving_averages import (
    ema,
    exponential_lookback,
    exponential_mean,
    rolling_mean,
    sma,
    wilder_lookback,
    wilder_mean,
)
from genepool.indicators.volatility import (
    annual_volatility,
    atr,
    deviation,
    return_deviation,
    rolling_deviation,
)
from genepool.indicators.volume import vwap, vwap_distance, weighted_mean
from genepool.market.candles import Candles, FloatArray
from tests.fakes.markets import random_market, without

Rolling = Callable[[FloatArray, int], FloatArray]

ALL: list[tuple[Indicator, tuple[int, ...]]] = [
    (sma, (20,)), (ema, (20,)), (highest, (20,)), (lowest, (20,)), (rsi, (14,)), (stochastic_k, (14,)),
    (stochastic_d, (14, 3)), (atr, (14,)), (deviation, (20,)), (return_deviation, (20,)),
    (annual_volatility, (20,)), (bollinger_distance, (20,)), (vwap, (20,)), (vwap_distance, (20,)),
    (midpoint, (9,)), (leading_span_a, (9, 26)), (leading_span_b, (52, 26)), (funding_rate, (24,)),
]  # fmt: skip
EVERY_INDICATOR = pytest.mark.parametrize(
    ("indicator", "parameters"), ALL, ids=[indicator.__name__ for indicator, _ in ALL]
)
ROLLING: dict[str, Rolling] = {
    "mean": rolling_mean,
    "deviation": rolling_deviation,
    "maximum": lambda values, period: rolling_extreme(values, period, 1.0),
    "minimum": lambda values, period: rolling_extreme(values, period, -1.0),
    "weighted mean": lambda values, period: weighted_mean(values, np.ones(len(values)), period),
}
EVERY_WINDOW = pytest.mark.parametrize("rolling", ROLLING.values(), ids=ROLLING)


def flat(price: float, candles: int) -> Candles:
    still = np.full(candles, price)
    return replace(random_market(0, candles), open=still, high=still, low=still, close=still)


@EVERY_INDICATOR
@pytest.mark.parametrize("candles", [1, 2, 3, 25, 600])
def test_every_value_is_finite_from_the_first_candle_on(
    indicator: Indicator, parameters: tuple[int, ...], candles: int
) -> None:
    row = IndicatorBank(random_market(1, candles))(indicator, *parameters)
    assert row.shape == (candles,)
    assert row.dtype == np.float64
    assert np.isfinite(row).all()


@EVERY_INDICATOR
def test_a_flat_price_is_no_special_case(indicator: Indicator, parameters: tuple[int, ...]) -> None:
    assert np.isfinite(IndicatorBank(flat(100.1, 200))(indicator, *parameters)).all()


@pytest.mark.parametrize("price", [100.1, 0.3, 1e-7, 1e9 / 3])
def test_averages_of_a_flat_price_are_the_price_to_the_last_bit(price: float) -> None:
    bank = IndicatorBank(flat(price, 200))
    for row in (bank(sma, 7), bank(ema, 7), bank(vwap, 7), bank(highest, 7), bank(lowest, 7)):
        assert (row == price).all()
    for row in (bank(deviation, 7), bank(atr, 7), bank(bollinger_distance, 7), bank(vwap_distance, 7)):
        assert (row == 0.0).all()


def test_oscillators_of_a_flat_price_stand_in_the_middle() -> None:
    bank = IndicatorBank(flat(100.1, 200))
    for row in (bank(rsi, 14), bank(stochastic_k, 14), bank(stochastic_d, 14, 3)):
        assert (row == 50.0).all()


def test_oscillators_reach_both_ends() -> None:
    rising = np.arange(1.0, 101.0)
    up = replace(flat(1.0, 100), open=rising, high=rising, low=rising, close=rising)
    falling = rising[::-1]
    down = replace(up, open=falling, high=falling, low=falling, close=falling)
    assert (IndicatorBank(up)(rsi, 14)[1:] == 100.0).all()
    assert (IndicatorBank(down)(rsi, 14)[1:] == 0.0).all()
    assert (IndicatorBank(up)(stochastic_k, 14)[1:] == 100.0).all()
    assert (IndicatorBank(down)(stochastic_k, 14)[1:] == 0.0).all()


@EVERY_WINDOW
@pytest.mark.parametrize("period", [1, 2, 7, 50])
@pytest.mark.parametrize("at", [0, 1, 49, 50, 51, 123])
def test_a_bad_tick_leaves_no_trace_once_it_is_out_of_the_window(
    rolling: Rolling, period: int, at: int
) -> None:
    values = 100.0 + np.sin(np.arange(300.0))
    spoilt = values.copy()
    spoilt[at] = 1e12
    clean, hit = rolling(values, period), rolling(spoilt, period)
    assert (clean[:at] == hit[:at]).all()
    assert (clean[at + period :] == hit[at + period :]).all()


@EVERY_WINDOW
def test_warm_up_is_what_the_values_so_far_give(rolling: Rolling) -> None:
    values = 100.0 + np.sin(np.arange(60.0))
    warming = rolling(values, 50)
    for t in range(50):
        assert warming[t] == pytest.approx(rolling(values[: t + 1], t + 1)[t], rel=1e-12, abs=1e-13)


def test_a_wilder_average_warms_up_with_plain_means_without_the_first_value() -> None:
    assert wilder_mean(np.array([9.0, 1.0, 3.0, 8.0, 4.0]), 3).tolist() == [9.0, 1.0, 2.0, 4.0, 4.0]


@pytest.mark.parametrize("period", [2, 12, 26, 150])
def test_an_exponential_average_forgets_its_start_within_the_lookback(period: int) -> None:
    start = np.zeros(2_000)
    start[0] = 1.0
    weights = exponential_mean(start, period)
    needed = exponential_lookback(period)
    assert weights[needed] <= 1e-6 < weights[needed - 1]


@pytest.mark.parametrize("period", [2, 14, 50])
def test_a_wilder_average_forgets_its_start_within_the_lookback(period: int) -> None:
    start = np.zeros(2_000)
    start[1] = 1.0
    weights = wilder_mean(start, period)
    needed = wilder_lookback(period)
    assert weights[needed] <= 1e-6 / period < weights[needed - 1]


def test_the_newest_typical_price_stands_in_where_nothing_was_traded() -> None:
    candles = random_market(2, 100)
    silent = replace(candles, volume=np.zeros(100))
    expected = (candles.high + candles.low + candles.close) / 3
    np.testing.assert_allclose(IndicatorBank(silent)(vwap, 10), expected, rtol=1e-14)


@pytest.mark.parametrize(("column", "indicator"), [("volume", vwap), ("funding", funding_rate)])
def test_a_missing_column_is_named_with_the_remedy(column: str, indicator: Indicator) -> None:
    bank = IndicatorBank(without(random_market(3, 50), column))
    with pytest.raises(InvalidCandles, match=f"has no {column}: give candles with"):
        bank(indicator, 8)


def test_rows_of_the_bank_cannot_be_written_to() -> None:
    row = IndicatorBank(random_market(4, 50))(sma, 5)
    with pytest.raises(ValueError, match="read-only"):
        row[0] = 1.0
