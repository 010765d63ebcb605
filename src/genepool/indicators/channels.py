"""Channels: the highest high and the lowest low of the last candles.

The window is cut where a block of ``period`` candles begins, as in ``moving_averages``: three
comparisons a candle for any period (van Herk, 1992; Gil and Werman, 1993).
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def rolling_extreme(values: FloatArray, period: int, sign: float) -> FloatArray:
    """Return the largest (sign 1) or smallest (sign -1) of the last ``period`` values, or of all so far.

    Parameters
    ----------
    values
        Column of shape (n,).
    period
        Window in candles, the current one included, at least 1.
    sign
        1 for maxima, -1 for minima.
    """
    n = len(values)
    extremes = np.empty(n)
    tail = np.full(period + 1, -np.inf)
    for start in range(0, n, period):
        if start > 0:
            for k in range(period - 1, 0, -1):
                tail[k] = max(tail[k + 1], sign * values[start - period + k])
        head = -np.inf
        for offset in range(min(period, n - start)):
            head = max(head, sign * values[start + offset])
            extremes[start + offset] = sign * max(head, tail[offset + 1])
    return extremes


def highest(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the highest high of the last ``period`` candles, this one included; warm-up: of all so far."""
    return rolling_extreme(bank.candles.high, period, 1.0)


def lowest(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the lowest low of the last ``period`` candles, this one included; warm-up: of all so far."""
    return rolling_extreme(bank.candles.low, period, -1.0)
