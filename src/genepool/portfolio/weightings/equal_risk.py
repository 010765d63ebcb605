"""Shares by which each bot brings the same part of the account's risk.

Maillard, Roncalli and Teiletche (2010), The properties of equally weighted risk contribution portfolios,
Journal of Portfolio Management 36(4).
"""

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.weightings._base import FleetMoments, Weighting

_ROUNDS, _CLOSE = 10_000, 1e-13


def weigh(moments: FleetMoments) -> FloatArray:
    """Return the shares whose risk contributions, share x covariance with the account, are equal.

    They minimise half the variance less the mean logarithm of the shares, one coordinate at a time
    (Griveau-Billion, Richard and Roncalli 2013, A fast algorithm for computing high-dimensional risk parity
    portfolios).
    """
    deviations = np.sqrt(np.diag(moments.covariance))
    matrix = moments.covariance / np.outer(deviations, deviations)
    count = len(matrix)
    found = np.ones(count)
    for _ in range(_ROUNDS):
        before = found.copy()
        for k in range(count):
            others = float(matrix[k] @ found) - found[k]
            found[k] = (np.sqrt(others * others + 4.0 / count) - others) / 2.0
        if np.abs(found - before).max() < _CLOSE:
            break
    shares = found / deviations
    return np.asarray(shares / shares.sum())


WEIGHTING = Weighting("equal_risk", "Each bot brings the same part of the account's variance.", weigh)
