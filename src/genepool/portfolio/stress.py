"""What is left of a fleet when its bots begin to move as one."""

import math
from dataclasses import dataclass, replace

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.account import JointPeriods

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class StressedFleet:
    """The account when all correlations have gone a part of their way to 1.

    Parameters
    ----------
    step
        That part, from 0 to 1.
    volatility
        Of the account, of a year.
    drawdown
        Largest fall within a year that 95 % of paths do not exceed.
    ruin
        By level, the chance to fall to it within a year.
    """

    step: float
    volatility: float
    drawdown: float
    ruin: dict[str, float]


def stretched(
    periods: JointPeriods, returns: FloatArray, shares: FloatArray
) -> list[tuple[float, float, JointPeriods]]:
    """Let correlations go to 1 with volatilities and means as they were: by step, deviation and account.

    At part l of the way the account's variance is that of the correlations (1 - l) C + l; its moves about
    their mean are stretched to that.

    Parameters
    ----------
    periods
        What the account did.
    returns
        Of the bots, shape (periods, bots).
    shares
        Of the bots, shape (bots,).
    """
    covariance = np.atleast_2d(np.cov(returns.T))
    together = float(shares @ np.sqrt(np.diag(covariance))) ** 2
    apart = float(shares @ covariance @ shares)
    found = []
    for step in STEPS:
        variance = (1.0 - step) * apart + step * together
        scale = math.sqrt(variance / apart) if apart > 0 else 1.0
        found.append((step, math.sqrt(variance), _stretched(periods, scale) if step else periods))
    return found


def _stretched(periods: JointPeriods, scale: float) -> JointPeriods:
    mean = float(periods.returns.mean())
    returns = np.maximum(mean + (periods.returns - mean) * scale, -1.0)
    return replace(periods, returns=returns, lows=np.minimum(np.maximum(periods.lows * scale, -1.0), returns))
