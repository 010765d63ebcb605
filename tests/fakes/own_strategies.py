"""Strategies of a user's own, in a file of his own."""

from typing import Annotated

import numpy as np

import genepool as gp
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import ema
from genepool.market.candles import FloatArray

BAND = 0.01
PEEKS = 7


def sides(fast: FloatArray, slow: FloatArray) -> FloatArray:
    """Return 1 above the band, -1 below."""
    return np.where(fast > slow * (1 + BAND), 1.0, np.where(fast < slow * (1 - BAND), -1.0, 0.0))


def crossing_function(
    market: IndicatorBank,
    fast: Annotated[int, gp.Range(2, 60)] = 12,
    slow: Annotated[int, gp.Range(5, 150)] = 48,
) -> FloatArray:
    """Follows two averages.

    This is not its summary.
    """
    return sides(market(ema, fast), market(ema, slow))


crossing = gp.strategy(lookback="4 * slow", order=("fast", "slow"))(crossing_function)


@gp.strategy(lookback="3")
def peeking(market: IndicatorBank, threshold: Annotated[float, gp.Range(0, 0.1)] = 0.0) -> FloatArray:
    """Knows the next close."""
    close = market.candles.close
    coming = np.append(close[1:], close[-1]) / close - 1.0
    return np.where(coming > threshold, 1.0, -1.0)


@gp.strategy(lookback="3")
def seldom_peeking(
    market: IndicatorBank,
    mode: Annotated[int, gp.Range(0, 9)] = 0,
    period: Annotated[int, gp.Range(2, 50)] = 20,
) -> FloatArray:
    """Knows the next close in one mode of ten."""
    close = market.candles.close
    known = np.append(close[1:], close[-1]) if mode == PEEKS else close
    return np.sign(known - close[np.maximum(np.arange(len(close)) - period, 0)])
