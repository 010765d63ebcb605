"""Ten scale-free descriptions of the recent market, from which the learning seeds learn.

Every value is a ratio, so that a market at twice the price gives the same features, and depends
on the last 49 candles only, so that a model's memory ends where it says. numpy is used element by
element here, which gives the same bits everywhere; sums and extremes come from kernels.
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.channels import highest, lowest
from genepool.indicators.momentum import fall, rise
from genepool.indicators.moving_averages import rolling_mean, sma
from genepool.indicators.volatility import simple_return, true_range
from genepool.market.candles import FloatArray

# Candles before the first one whose features are all there.
FEATURE_LOOKBACK = 48


def learning_features(bank: IndicatorBank) -> FloatArray:
    """Return the features of every candle, shape (n, 10).

    In this order: the returns of the last 1, 6, 24 and 48 candles over the root mean square return of 48;
    the root mean square return of 12 candles over that of 48; the upward less the downward share of all
    moves of 14 candles; close less its average of 24, in average true ranges of 24; the place of the close
    in the range of 48, from -1 at the low to 1 at the high; volume against its average of 24, from -1 to 1;
    close less open over the candle's range.

    They are 0 before ``FEATURE_LOOKBACK``, and wherever a ratio has no denominator.
    """
    columns = (*_momentum(bank), _up_share(bank), *_place(bank), _volume_ratio(bank), _body(bank))
    features = np.ascontiguousarray(np.stack(columns, axis=1))
    features[:FEATURE_LOOKBACK] = 0.0
    return features


def _momentum(bank: IndicatorBank) -> list[FloatArray]:
    squares = bank(simple_return) * bank(simple_return)
    volatility, recent = np.sqrt(rolling_mean(squares, 48)), np.sqrt(rolling_mean(squares, 12))
    close = bank.candles.close
    returns = [_ratio(_change(close, span), volatility) for span in (1, 6, 24, 48)]
    return [*returns, _ratio(recent, volatility)]


def _up_share(bank: IndicatorBank) -> FloatArray:
    up, down = rolling_mean(bank(rise), 14), rolling_mean(bank(fall), 14)
    return _ratio(up - down, up + down)


def _place(bank: IndicatorBank) -> list[FloatArray]:
    close, top, bottom = bank.candles.close, bank(highest, 48), bank(lowest, 48)
    distance = _ratio(close - bank(sma, 24), rolling_mean(bank(true_range), 24))
    return [distance, _ratio((close - bottom) - (top - close), top - bottom)]


def _volume_ratio(bank: IndicatorBank) -> FloatArray:
    volume = bank.candles.volume
    if volume is None:
        return np.zeros(len(bank.candles))
    average = rolling_mean(volume, 24)
    return _ratio(volume - average, volume + average)


def _body(bank: IndicatorBank) -> FloatArray:
    candles = bank.candles
    return _ratio(candles.close - candles.open, candles.high - candles.low)


def _change(close: FloatArray, span: int) -> FloatArray:
    change = np.zeros(close.size)
    change[span:] = close[span:] / close[:-span] - 1
    return change


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.zeros(above.size), where=below > 0)
