"""Curves of many points as curves of some: what is drawn of them looks the same."""

import numpy as np

from genepool.market.candles import FloatArray, IntArray

FEWEST_POINTS = 4


def thinned(values: FloatArray, points: int) -> IntArray:
    """Return the places of some values, in order: the first, the last, and the extremes of equal stretches.

    The highest and the lowest of all are among them.

    Parameters
    ----------
    values
        The curve.
    points
        How many are kept at most, 4 or more.
    """
    if len(values) <= points:
        return np.arange(len(values))
    # Two of each stretch, and both ends.
    edges = np.linspace(0, len(values), (points - 2) // 2 + 1).astype(np.int64)
    kept = [0, len(values) - 1]
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        stretch = values[begin:end]
        kept += [begin + int(stretch.argmin()), begin + int(stretch.argmax())]
    return np.unique(kept)
