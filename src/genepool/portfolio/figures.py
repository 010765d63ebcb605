"""The figures of an account over its periods."""

import math
from dataclasses import dataclass

import numpy as np

from genepool.market.candles import FloatArray


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """What an account, or a bot, did over the common periods; the drawdown is that of the periods' ends.

    Parameters
    ----------
    total_return
        Over all of them.
    annual_return
        Compounded to 365 days.
    volatility, sharpe
        Of a year, without a risk-free rate; a Sharpe ratio of 0 where nothing moved.
    max_drawdown
        Share of the peak.
    """

    total_return: float
    annual_return: float
    volatility: float
    sharpe: float
    max_drawdown: float


def figures_of(returns: FloatArray, periods_a_year: float) -> AccountFigures:
    """Return the figures of returns period by period, of shape (n,), at least 2."""
    equity = np.cumprod(1.0 + returns)
    final = float(equity[-1])
    deviation = float(returns.std(ddof=1))
    return AccountFigures(
        total_return=final - 1.0,
        annual_return=final ** (periods_a_year / len(returns)) - 1.0 if final > 0 else -1.0,
        volatility=deviation * math.sqrt(periods_a_year),
        sharpe=float(returns.mean()) / deviation * math.sqrt(periods_a_year) if deviation > 0 else 0.0,
        max_drawdown=float((1.0 - equity / np.maximum(np.maximum.accumulate(equity), 1.0)).max()),
    )
