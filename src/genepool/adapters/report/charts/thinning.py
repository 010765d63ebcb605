"""Fewer points for the same picture."""

from itertools import pairwise

import numpy as np

from genepool.market.candles import FloatArray, IntArray


def thinned(values: FloatArray, points: int = 800) -> IntArray:
    """Return the indices of at most so many points that keep every visible peak and trough.

    The series is cut into buckets; of each the first, the lowest and the highest value stay. The
    very last value always stays.
    """
    length = len(values)
    if length <= points:
        return np.arange(length, dtype=np.int64)
    buckets = max((points - 1) // 3, 1)
    edges = np.linspace(0, length, buckets + 1).astype(np.int64)
    kept = {length - 1}
    for start, stop in pairwise(edges.tolist()):
        part = values[start:stop]
        kept.update((start, start + int(part.argmin()), start + int(part.argmax())))
    return np.array(sorted(kept), dtype=np.int64)
