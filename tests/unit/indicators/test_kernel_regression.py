import math

import numpy as np
import pytest

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.kernel_regression import (
    GAUSSIAN,
    RATIONAL_QUADRATIC,
    age_weight,
    kernel_regression,
    regression_deviation,
    regression_weights,
    weighted_window,
)
from genepool.market.candles import Candles, FloatArray

SHAPES = [GAUSSIAN, RATIONAL_QUADRATIC]


def market(close: FloatArray) -> Candles:
    stamps = np.arange(close.size) * 3_600_000_000_000
    return Candles("TEST", "1h", stamps, close, close * 1.01, close * 0.99, close)


def wandering(seed: int, size: int = 3_000) -> FloatArray:
    return np.asarray(100 * np.cumprod(1 + np.random.default_rng(seed).normal(scale=0.01, size=size)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bandwidth", [1, 4, 48])
def test_the_estimate_is_the_weighted_mean_of_past_closes(bandwidth: int, shape: int) -> None:
    close = wandering(1, 600)
    estimate = kernel_regression(IndicatorBank(market(close)), bandwidth, shape)
    ages = [age for age in range(600) if age_weight(age, bandwidth, shape) >= 3e-4]
    for t in range(len(ages) - 1, 600, 7):
        weights = [age_weight(age, bandwidth, shape) for age in ages]
        total = math.fsum(weight * close[t - age] for age, weight in zip(ages, weights, strict=True))
        assert estimate[t] == pytest.approx(total / math.fsum(weights), rel=1e-13)
    assert not estimate[: len(ages) - 1].any()


def test_the_kernels_are_the_published_ones() -> None:
    assert age_weight(6, 3, GAUSSIAN) == pytest.approx(math.exp(-2))
    assert age_weight(6, 3, RATIONAL_QUADRATIC) == pytest.approx((1 + 36 / (2 * 8 * 9)) ** -8)


@pytest.mark.parametrize("shape", SHAPES)
def test_cutting_the_weights_costs_no_more_than_it_promises(shape: int) -> None:
    close = wandering(2)
    full = np.array([age_weight(age, 16, shape) for age in range(1_000)])
    cut = weighted_window(close, regression_weights(16, shape))[1_500:]
    whole = weighted_window(close, full / full.sum())[1_500:]
    assert np.abs(cut / whole - 1).max() < 1e-4


@pytest.mark.parametrize("shape", SHAPES)
def test_weights_fall_with_age_and_sum_to_one(shape: int) -> None:
    weights = regression_weights(8, shape)
    assert math.fsum(weights) == pytest.approx(1, rel=1e-15)
    assert (np.diff(weights) < 0).all()


def test_a_weighted_window_adds_from_the_newest_to_the_oldest() -> None:
    values = np.random.default_rng(3).normal(size=5_000)
    weights = np.random.default_rng(4).normal(size=37)
    sums = weighted_window(values, weights)
    for t in (36, 37, 1_059, 1_060, 1_061, 4_999):
        total = 0.0
        for age in range(37):
            total += weights[age] * values[t - age]
        assert sums[t] == total


def test_a_window_longer_than_the_series_gives_nothing() -> None:
    assert not weighted_window(np.ones(10), np.ones(11)).any()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_deviation_is_counted_in_mean_absolute_deviations(shape: int) -> None:
    close = wandering(5, 800)
    bank = IndicatorBank(market(close))
    estimate, deviation = kernel_regression(bank, 8, shape), regression_deviation(bank, 8, shape)
    length = regression_weights(8, shape).size
    for t in range(2 * length, 800, 11):
        window = slice(t - length + 1, t + 1)
        mean = np.abs(close[window] - estimate[window]).mean()
        assert deviation[t] == pytest.approx((close[t] - estimate[t]) / mean, rel=1e-9)


def test_a_price_that_stands_still_is_nowhere_outside() -> None:
    assert not regression_deviation(IndicatorBank(market(np.full(500, 33.3))), 8, GAUSSIAN).any()


@pytest.mark.parametrize("shape", SHAPES)
def test_later_candles_never_repaint_earlier_values(shape: int) -> None:
    close = wandering(6)
    before = regression_deviation(IndicatorBank(market(close)), 16, shape)
    for cut in range(100, 3_000, 149):
        changed = close.copy()
        changed[cut + 1 :] = wandering(cut)[cut + 1 :] * 3 + 11
        after = regression_deviation(IndicatorBank(market(changed)), 16, shape)
        assert (after[: cut + 1] == before[: cut + 1]).all()


def test_the_two_sided_form_would_be_caught() -> None:
    close, weights = wandering(7), regression_weights(16, GAUSSIAN)
    changed = close.copy()
    changed[1_501:] *= 3

    def two_sided(values: FloatArray) -> FloatArray:
        return weighted_window(values, weights) + weighted_window(values[::-1].copy(), weights)[::-1]

    assert (two_sided(close)[:1_501] != two_sided(changed)[:1_501]).any()
