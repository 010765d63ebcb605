"""A fraction of the shares that let the account grow fastest, by means from which luck is taken off."""

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.weightings._base import FleetMoments, Weighting

_CLOSE = 1e-12


def weigh(moments: FleetMoments) -> FloatArray:
    """Return the fraction of the shares w, none negative, with the largest mean less half the variance.

    Without the bound it is the inverse covariance times the means: Thorp (2006), The Kelly criterion in
    blackjack, sports betting and the stock market. A bot whose mean is gone with its luck has no share;
    where that is so of all, nothing is traded.
    """
    deviations = np.sqrt(np.diag(moments.covariance))
    matrix = moments.covariance / np.outer(deviations, deviations)
    return np.asarray(
        moments.kelly_fraction * _largest(matrix, moments.deflated_means / deviations) / deviations
    )


def _largest(matrix: FloatArray, wanted: FloatArray) -> FloatArray:
    """Return x, none negative, with the largest wanted x - x matrix x / 2.

    By the active sets of Lawson and Hanson (1974), Solving least squares problems, chapter 23: a bot joins
    where it would help most, and one whose share would turn negative leaves.
    """
    found, inside = np.zeros(len(wanted)), np.zeros(len(wanted), dtype=bool)
    for _ in range(3 * len(wanted)):
        gain = np.where(inside, -np.inf, wanted - matrix @ found)
        best = int(gain.argmax())
        if gain[best] <= _CLOSE:
            break
        inside[best] = True
        while True:
            free = np.zeros(len(wanted))
            free[inside] = np.linalg.lstsq(matrix[np.ix_(inside, inside)], wanted[inside], rcond=None)[0]
            falling = inside & (free <= 0)
            if not falling.any():
                found = free
                break
            step = float((found[falling] / (found[falling] - free[falling])).min(initial=1.0))
            found = found + step * (free - found)
            inside &= found > _CLOSE
    return found


WEIGHTING = Weighting(
    "kelly",
    "A fraction of the shares of fastest growth, by means less what luck would show.",
    weigh,
    sizes=True,
)
