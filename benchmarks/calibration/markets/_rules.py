"""The rules that are planted: each says from the past which side the next candle favours."""

from collections.abc import Sequence

import numpy as np

from benchmarks.calibration.markets._base import Order
from benchmarks.calibration.markets._drawing import RATES, Rule, stream
from genepool.market.candles import FloatArray
from genepool.market.variates import normals

MOMENTUM_CANDLES, REVERSION_CANDLES, FUNDING_CANDLES = 20, 10, 20
# Funding of a day: 7 % a year in the mean, as perpetual futures of coins have it, a wide deviation, and how
# much of the deviation is left on the next day.
_MEAN, _RATE, _KEPT = 0.07 / 365, 0.3 / 365, 0.97


def momentum(closes: Sequence[float], _: int) -> float:
    """Return the side of the last 20 candles' return."""
    return _sign(closes[-1] - closes[max(0, len(closes) - 1 - MOMENTUM_CANDLES)])


def reversion(closes: Sequence[float], _: int) -> float:
    """Return the side of the mean of the last 10 closes, seen from the last one."""
    last = closes[-REVERSION_CANDLES:]
    return _sign(sum(last) / len(last) - closes[-1])


def paid_by(rates: FloatArray) -> Rule:
    """Return the rule to be short where the last 20 funding rates are above their mean, and long below it."""
    sums = np.concatenate(([0.0], np.cumsum(rates - _MEAN)))

    def rule(_: Sequence[float], number: int) -> float:
        return -_sign(float(sums[number] - sums[max(0, number - FUNDING_CANDLES)]))

    return rule


def majority(*rules: Rule) -> Rule:
    """Return the rule to hold the side of most of an odd number of rules."""

    def rule(closes: Sequence[float], number: int) -> float:
        return _sign(sum(one(closes, number) for one in rules))

    return rule


def funding_rates(order: Order) -> FloatArray:
    """Draw funding rates that hang together for weeks, above their mean as often as below."""
    shocks = normals(stream(order, RATES), order.candles) * (1 - _KEPT**2) ** 0.5
    rate, rates = 0.0, list[float]()
    for shock in shocks.tolist():
        rate = _KEPT * rate + shock
        rates.append(rate)
    return _MEAN + _RATE * np.array(rates)


def _sign(number: float) -> float:
    return float((number > 0) - (number < 0))
