"""Oscillators between 0 and 100: Wilder's relative strength index and Lane's stochastic."""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.channels import highest, lowest
from genepool.indicators.moving_averages import rolling_mean, wilder_mean
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

# What an oscillator says when the price has not moved: neither strong nor weak.
MIDDLE = 50.0


@kernel
def _moves(close: FloatArray, sign: float) -> FloatArray:
    moves = np.empty(len(close))
    moves[0] = 0.0
    for t in range(1, len(close)):
        moves[t] = max(sign * (close[t] - close[t - 1]), 0.0)
    return moves


@kernel
def _shares(part: FloatArray, rest: FloatArray) -> FloatArray:
    shares = np.empty(len(part))
    for t in range(len(part)):
        whole = part[t] + rest[t]
        shares[t] = 100.0 * (part[t] / whole) if whole > 0.0 else MIDDLE
    return shares


@kernel
def _places(close: FloatArray, top: FloatArray, bottom: FloatArray) -> FloatArray:
    places = np.empty(len(close))
    for t in range(len(close)):
        spread = top[t] - bottom[t]
        places[t] = 100.0 * ((close[t] - bottom[t]) / spread) if spread > 0.0 else MIDDLE
    return places


def rise(bank: IndicatorBank) -> FloatArray:
    """Return by how much the close rose since the candle before, 0 when it fell."""
    return _moves(bank.candles.close, 1.0)


def fall(bank: IndicatorBank) -> FloatArray:
    """Return by how much the close fell since the candle before, 0 when it rose."""
    return _moves(bank.candles.close, -1.0)


def rsi(bank: IndicatorBank, period: int) -> FloatArray:
    """Return the relative strength index (Wilder, 1978): the share of rises in all movement, 0 to 100.

    A price that never moved gives 50, as does candle 0. Up to candle ``period`` the averages are
    plain means of the moves so far.
    """
    return _shares(wilder_mean(bank(rise), period), wilder_mean(bank(fall), period))


def stochastic_k(bank: IndicatorBank, period: int) -> FloatArray:
    """Return fast %K (Lane): where the close lies between lowest low and highest high, 0 to 100.

    A flat window gives 50; warm-up looks at the candles so far.
    """
    return _places(bank.candles.close, bank(highest, period), bank(lowest, period))


def stochastic_d(bank: IndicatorBank, period: int, smoothing: int) -> FloatArray:
    """Return %D: the simple moving average of %K over ``smoothing`` candles."""
    return rolling_mean(bank(stochastic_k, period), smoothing)
