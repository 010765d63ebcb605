"""A fraction of the shares that let the account grow fastest, by means from which luck is taken off."""

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.weightings._base import FleetMoments, Weighting

_ROUNDS, _CLOSE = 10_000, 1e-13


def weigh(moments: FleetMoments) -> FloatArray:
    """Return the fraction of the shares w, none negative, with the largest mean less half the variance.

    Without the bound it is the inverse covariance times the means: Thorp (2006), The Kelly criterion in
    blackjack, sports betting and the stock market. A bot whose mean is gone with its luck has no share;
    where that is so of all, nothing is traded.
    """
    deviations = np.sqrt(np.diag(moments.covariance))
    matrix = moments.covariance / np.outer(deviations, deviations)
    wanted = moments.deflated_means / deviations
    found = np.zeros(len(wanted))
    for _ in range(_ROUNDS):
        before = found.copy()
        for k in range(len(found)):
            found[k] = max(0.0, wanted[k] - float(matrix[k] @ found) + found[k])
        if np.abs(found - before).max() < _CLOSE:
            break
    return np.asarray(moments.kelly_fraction * found / deviations)


WEIGHTING = Weighting(
    "kelly",
    "A fraction of the shares of fastest growth, by means less what luck would show.",
    weigh,
    sizes=True,
)
