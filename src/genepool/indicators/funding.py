"""What holding a perpetual future costs, as a yearly rate."""

import numpy as np

from genepool.errors import InvalidCandles
from genepool.indicators.bank import IndicatorBank
from genepool.kernels import kernel
from genepool.market.candles import NANOSECONDS_PER_YEAR, FloatArray, IntArray


@kernel
def rate_over_time(amounts: FloatArray, stamps: IntArray, window: int, year: float) -> FloatArray:
    """Return the sum of the last ``window`` amounts over the time they took, per year.

    An amount belongs to the time since the stamp before it, so the first one belongs to none and
    is left out; the first rate is 0. The sum is taken in blocks, as in ``moving_averages``.
    """
    n = len(amounts)
    rates = np.zeros(n)
    tail = np.zeros(window + 1)
    for start in range(1, n, window):
        if start > 1:
            for k in range(window - 1, 0, -1):
                tail[k] = tail[k + 1] + amounts[start - window + k]
        head = 0.0
        for t in range(start, min(start + window, n)):
            head += amounts[t]
            elapsed = stamps[t] - stamps[max(t - window, 0)]
            rates[t] = (head + tail[t - start + 1]) / elapsed * year
    return rates


def funding_rate(bank: IndicatorBank, window: int) -> FloatArray:
    """Return the funding that a long paid over the last ``window`` candles, as a fraction a year.

    Needs ``window + 1`` candles; warm-up holds the rate over the candles so far, 0 at candle 0.

    Raises
    ------
    InvalidCandles
        When the market has no funding.
    """
    candles = bank.candles
    if candles.funding is None:
        raise InvalidCandles(f"{candles.symbol} has no funding: give candles with funding rates")
    return rate_over_time(candles.funding, candles.stamps, window, float(NANOSECONDS_PER_YEAR))
