"""Prices weighted by the volume traded at them."""

import numpy as np

from genepool.errors import InvalidCandles
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.bollinger import deviations_away
from genepool.indicators.volatility import deviation
from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def weighted_mean(values: FloatArray, weights: FloatArray, period: int) -> FloatArray:
    """Return the weighted mean of the last ``period`` values, or of all so far.

    Where all weights of a window are zero the newest value stands for the mean. Windows are cut
    into blocks and sums taken from an anchor, as in ``moving_averages``.
    """
    n = len(values)
    means = np.empty(n)
    sums = np.zeros(period + 1)
    masses = np.zeros(period + 1)
    for start in range(0, n, period):
        anchor = values[start]
        if start > 0:
            for k in range(period - 1, 0, -1):
                past = start - period + k
                sums[k] = sums[k + 1] + (values[past] - anchor) * weights[past]
                masses[k] = masses[k + 1] + weights[past]
        total = 0.0
        mass = 0.0
        for t in range(start, min(start + period, n)):
            total += (values[t] - anchor) * weights[t]
            mass += weights[t]
            after = t - start + 1
            whole = mass + masses[after]
            means[t] = anchor + (total + sums[after]) / whole if whole > 0.0 else values[t]
    return means


@kernel
def _typical(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    prices = np.empty(len(close))
    for t in range(len(close)):
        # Counted from the close, so that a candle without a range has its price exactly.
        prices[t] = close[t] + ((high[t] - close[t]) + (low[t] - close[t])) / 3.0
    return prices


def typical_price(bank: IndicatorBank) -> FloatArray:
    """Return the mean of high, low and close of each candle."""
    candles = bank.candles
    return _typical(candles.high, candles.low, candles.close)


def vwap(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the volume-weighted average of the typical price over the last ``period`` candles.

    Rolling, without a session to be reset at; warm-up weighs the candles so far. A window without
    any volume gives the newest typical price.

    Raises
    ------
    InvalidCandles
        When the market has no volume.
    """
    volume = bank.candles.volume
    if volume is None:
        raise InvalidCandles(f"{bank.candles.symbol} has no volume: give candles with a volume column")
    return weighted_mean(bank(typical_price), volume, period)


def vwap_distance(bank: IndicatorBank, period: int) -> FloatArray:
    """Return how far the close is from the rolling VWAP, in standard deviations of the close.

    0 where the close has not moved over the window.
    """
    return deviations_away(bank.candles.close, bank(vwap, period), bank(deviation, period))
