"""Bollinger bands: how far the close is from its simple average, in standard deviations."""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import sma
from genepool.indicators.volatility import deviation
from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def deviations_away(values: FloatArray, middle: FloatArray, deviations: FloatArray) -> FloatArray:
    """Return (value - middle) / deviation, and 0 where the deviation is 0."""
    distances = np.empty(len(values))
    for t in range(len(values)):
        spread = deviations[t]
        distances[t] = (values[t] - middle[t]) / spread if spread > 0.0 else 0.0
    return distances


def bollinger_distance(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the close's distance from its simple average, in standard deviations over ``period``.

    A close on the upper band of width 2 is at 2, one on the lower band at -2 (Bollinger, 2001; the
    deviation divides by the count). 0 where the close has not moved over the window.
    """
    return deviations_away(bank.candles.close, bank(sma, period), bank(deviation, period))
