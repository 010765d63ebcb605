"""Turn a score into a side that is held until the score has clearly gone back."""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def hold(score: FloatArray, entry: float, leave: float) -> FloatArray:
    """Go long above ``entry``, short below ``-entry``, and stay until the score falls back to ``leave``.

    Parameters
    ----------
    score
        Shape (n,), above zero where longs are favoured; 0 where nothing is known.
    entry
        Level that the score must exceed, not negative, in the score's unit.
    leave
        A long ends when the score is below this level, a short when it is above its negative; at
        most ``entry``.

    Returns
    -------
    FloatArray
        Sides of shape (n,): 1, 0 or -1.
    """
    sides = np.empty(score.size)
    side = 0.0
    for t in range(score.size):
        if side * score[t] < leave:
            side = 0.0
        if score[t] > entry:
            side = 1.0
        elif score[t] < -entry:
            side = -1.0
        sides[t] = side
    return sides
