"""Moving averages: simple and exponential.

A rolling value is built from the candles inside its window and from nothing else: the window is
cut where a block of ``period`` candles begins, the part before the cut is summed backwards and the
part after it forwards. A bad tick therefore leaves no trace once it has left the window, which a
running sum that adds the newest and takes off the oldest cannot promise. Deviations are summed
from the block's first value, so a flat price has itself as its average, to the last bit.
"""

import math

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

# A recursive average counts as warm once its starting value weighs less than this.
START_WEIGHT = 1e-6


def exponential_lookback(period: int) -> int:
    """Return how many candles an exponential average needs to forget its start: about 7 periods."""
    return math.ceil(math.log(START_WEIGHT) / math.log(1 - 2 / (period + 1)))


def wilder_lookback(period: int) -> int:
    """Return how many candles a Wilder average needs: its first mean, then about 13.8 periods."""
    return period + math.ceil(math.log(START_WEIGHT) / math.log(1 - 1 / period))


@kernel
def rolling_mean(values: FloatArray, period: int) -> FloatArray:
    """Return the mean of the last ``period`` values; before that many, the mean of all so far.

    Parameters
    ----------
    values
        Column of shape (n,).
    period
        Window in candles, at least 1.

    Returns
    -------
    FloatArray
        Means of shape (n,), in the unit of the values.
    """
    n = len(values)
    means = np.empty(n)
    tail = np.zeros(period + 1)
    for start in range(0, n, period):
        anchor = values[start]
        if start > 0:
            for k in range(period - 1, 0, -1):
                tail[k] = tail[k + 1] + (values[start - period + k] - anchor)
        head = 0.0
        for offset in range(min(period, n - start)):
            head += values[start + offset] - anchor
            count = period if start > 0 else offset + 1
            means[start + offset] = anchor + (tail[offset + 1] + head) / count
    return means


@kernel
def exponential_mean(values: FloatArray, period: int) -> FloatArray:
    """Return the exponential average with weight 2 / (period + 1), started at the first value.

    Written as a step towards the new value, so that a flat column stays flat to the last bit.
    """
    n = len(values)
    means = np.empty(n)
    weight = 2.0 / (period + 1.0)
    mean = values[0]
    for t in range(n):
        mean += weight * (values[t] - mean)
        means[t] = mean
    return means


@kernel
def wilder_mean(values: FloatArray, period: int) -> FloatArray:
    """Return Wilder's average: the mean of values 1 to ``period``, from then on a step of 1 / period.

    Value 0 is passed over because changes and true ranges begin at candle 1 (Wilder, 1978). Up to
    candle ``period`` the row holds the mean of the values so far; at candle 0 the first value.
    """
    n = len(values)
    means = np.empty(n)
    means[0] = values[0]
    weight = 1.0 / period
    total = 0.0
    mean = 0.0
    for t in range(1, min(period + 1, n)):
        total += values[t]
        mean = total / t
        means[t] = mean
    for t in range(period + 1, n):
        mean += weight * (values[t] - mean)
        means[t] = mean
    return means


def sma(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the simple moving average of the close; warm-up holds the mean of the closes so far."""
    return rolling_mean(bank.candles.close, period)


def ema(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the exponential moving average of the close, seeded with the first close."""
    return exponential_mean(bank.candles.close, period)
