"""Ichimoku Kinko Hyo (Goichi Hosoda, 1969): midpoints, and the cloud they cast ahead of themselves.

The lagging span is the close drawn in the past. It holds nothing that the close does not, and a
program that reads it at the candle where it is drawn reads the future; so it is not here.
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.channels import highest, lowest
from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def displaced(values: FloatArray, candles: int) -> FloatArray:
    """Return the column drawn that many candles later; warm-up holds the first value."""
    drawn = np.empty(len(values))
    for t in range(len(values)):
        drawn[t] = values[max(t - candles, 0)]
    return drawn


def midpoint(bank: IndicatorBank, period: int) -> FloatArray:
    """Return halfway between the highest high and the lowest low of the last ``period`` candles.

    With the usual periods 9, 26 and 52 these are tenkan-sen, kijun-sen and, before it is drawn
    ahead, senkou span B.
    """
    return np.asarray((bank(highest, period) + bank(lowest, period)) * 0.5)


def leading_span_a(bank: IndicatorBank, tenkan: int, kijun: int) -> FloatArray:
    """Return senkou span A as drawn over each candle: computed ``kijun`` candles before it."""
    return displaced((bank(midpoint, tenkan) + bank(midpoint, kijun)) * 0.5, kijun)


def leading_span_b(bank: IndicatorBank, senkou: int, kijun: int) -> FloatArray:
    """Return senkou span B as drawn over each candle: computed ``kijun`` candles before it."""
    return displaced(bank(midpoint, senkou), kijun)
