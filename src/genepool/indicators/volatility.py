"""Volatility: true range, Wilder's average of it, and rolling standard deviations."""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import wilder_mean
from genepool.kernels import kernel
from genepool.market.candles import NANOSECONDS_PER_YEAR, FloatArray, IntArray

# Four trading weeks of a market that is open 24 hours on five days: a whole number of weekends.
RATE_WINDOW = 480


@kernel
def rolling_deviation(values: FloatArray, period: int) -> FloatArray:
    """Return the standard deviation (dividing by the count) of the last ``period`` values, or of all so far.

    Deviations are summed from a value inside the window, which bounds the error by the window's
    length times the rounding unit; a flat window gives exactly 0. Windows are cut into blocks as
    in ``moving_averages``.
    """
    n = len(values)
    deviations = np.empty(n)
    sums = np.zeros(period + 1)
    squares = np.zeros(period + 1)
    for start in range(0, n, period):
        anchor = values[start]
        if start > 0:
            for k in range(period - 1, 0, -1):
                distance = values[start - period + k] - anchor
                sums[k] = sums[k + 1] + distance
                squares[k] = squares[k + 1] + distance * distance
        total = 0.0
        square = 0.0
        for offset in range(min(period, n - start)):
            distance = values[start + offset] - anchor
            total += distance
            square += distance * distance
            count = period if start > 0 else offset + 1
            whole = total + sums[offset + 1]
            variance = (square + squares[offset + 1] - whole * whole / count) / count
            deviations[start + offset] = np.sqrt(max(variance, 0.0))
    return deviations


@kernel
def _true_ranges(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    ranges = np.empty(len(close))
    ranges[0] = high[0] - low[0]
    for t in range(1, len(close)):
        ranges[t] = max(high[t], close[t - 1]) - min(low[t], close[t - 1])
    return ranges


@kernel
def _simple_returns(close: FloatArray) -> FloatArray:
    changes = np.empty(len(close))
    changes[0] = 0.0
    for t in range(1, len(close)):
        changes[t] = close[t] / close[t - 1] - 1.0
    return changes


@kernel
def _candles_a_year(stamps: IntArray, window: int, year: float) -> FloatArray:
    rates = np.empty(len(stamps))
    rates[0] = 0.0
    for t in range(1, len(stamps)):
        count = min(t, window)
        rates[t] = year / ((stamps[t] - stamps[t - count]) / count)
    return rates


def true_range(bank: IndicatorBank) -> FloatArray:
    """Return how far the price moved, the gap from the last close included (Wilder, 1978).

    At candle 0, which has no close before it, high minus low.
    """
    candles = bank.candles
    return _true_ranges(candles.high, candles.low, candles.close)


def atr(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the average true range, Wilder's way; warm-up holds the mean of the true ranges so far."""
    return wilder_mean(bank(true_range), period)


def deviation(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the standard deviation of the close (Bollinger's, dividing by the count), in price units."""
    return rolling_deviation(bank.candles.close, period)


def simple_return(bank: IndicatorBank) -> FloatArray:
    """Return the close over the close before, minus 1; 0 at candle 0."""
    return _simple_returns(bank.candles.close)


def return_deviation(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the standard deviation of the last ``period`` returns, per candle, not annualised."""
    return rolling_deviation(bank(simple_return), period)


def candles_a_year(bank: IndicatorBank) -> FloatArray:
    """Return how many candles this market has a year, read from the last ``RATE_WINDOW`` stamps.

    ``Candles.candles_per_year`` reads the whole sample; a strategy must not. At candle 0 it is 0.
    """
    return _candles_a_year(bank.candles.stamps, RATE_WINDOW, float(NANOSECONDS_PER_YEAR))


def annual_volatility(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the annualised standard deviation of the last ``period`` returns, as a fraction.

    Needs ``max(period, RATE_WINDOW) + 1`` candles; warm-up holds what the candles so far give.
    """
    return np.asarray(np.sqrt(bank(candles_a_year)) * bank(return_deviation, period))
