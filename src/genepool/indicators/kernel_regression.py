"""Causal Nadaraya-Watson regression: past closes averaged with weights that fall with their age.

The usual two-sided form looks at later candles and repaints; here the window ends at the candle
itself, so that a value, once there, never changes.
"""

import math

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import rolling_mean
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

GAUSSIAN, RATIONAL_QUADRATIC = 0, 1
# Ages whose weight is below this share of the newest are left out: a relative error of about 1e-5.
SMALLEST_WEIGHT = 3e-4
# Candles summed at a time, so that the sums under way stay in the nearest cache.
_TILE = 1_024
# Deviations below this share of the price are rounding, not movement.
_STILL = 1e-12


def age_weight(age: int, bandwidth: float, shape: int) -> float:
    """Return the kernel's weight at an age in candles, 1 at age 0.

    The rational quadratic one has its mixture parameter fixed at 8, and is three squarings.
    """
    if shape == GAUSSIAN:
        return math.exp(-0.5 * age * age / (bandwidth * bandwidth))
    root = 1 + age * age / (16 * bandwidth * bandwidth)
    square = root * root
    fourth = square * square
    return 1 / (fourth * fourth)


def regression_weights(bandwidth: float, shape: int) -> FloatArray:
    """Return weights by age that sum to one, newest first, cut where they become negligible.

    Source: Nadaraya, "On estimating regression", 1964; Watson, "Smooth regression analysis", 1964.
    """
    weights: list[float] = []
    while (weight := age_weight(len(weights), bandwidth, shape)) >= SMALLEST_WEIGHT:
        weights.append(weight)
    total = math.fsum(weights)
    return np.array([weight / total for weight in weights])


@kernel
def weighted_window(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted sum of each value and those before it, newest first; 0 in the warm-up.

    The sum at every candle is taken in the order of age from fresh, in a series of any length:
    nothing outside the window touches a bit. Ages are the outer loop because neighbouring
    candles can then be summed side by side without changing the order of any sum.
    """
    size, first = values.size, weights.size - 1
    sums = np.zeros(size)
    for start in range(first, size, _TILE):
        stop = min(start + _TILE, size)
        tile = sums[start:stop]
        for age in range(weights.size):
            weight = weights[age]
            older = values[start - age : stop - age]
            for i in range(tile.size):
                tile[i] += weight * older[i]
    return sums


@kernel
def _in_deviations(close: FloatArray, middle: FloatArray, deviation: FloatArray, first: int) -> FloatArray:
    result = np.zeros(close.size)
    for t in range(first, close.size):
        if deviation[t] > _STILL * close[t]:
            result[t] = (close[t] - middle[t]) / deviation[t]
    return result


def kernel_regression(bank: IndicatorBank, bandwidth: float, shape: int) -> FloatArray:
    """Return the estimate at each candle from its close and those before, price units, shape (n,)."""
    return weighted_window(bank.candles.close, regression_weights(bandwidth, shape))


def regression_deviation(bank: IndicatorBank, bandwidth: float, shape: int) -> FloatArray:
    """Return how far each close is from the estimate, in mean absolute deviations, shape (n,).

    The deviation is averaged over as many candles as the estimate looks at; where prices stand
    still, and before twice that many candles, the result is 0.
    """
    close = bank.candles.close
    middle = bank(kernel_regression, bandwidth, shape)
    length = regression_weights(bandwidth, shape).size
    deviation = rolling_mean(np.abs(close - middle), length)
    return _in_deviations(close, middle, deviation, 2 * (length - 1))
