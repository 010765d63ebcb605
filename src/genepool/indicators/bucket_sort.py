"""Sort a window of numbers: first into buckets of equal width, then by insertion.

What is sorted are values of one kind that fill their range, such as returns; then most buckets hold one
or none, and insertion has little to do. Values that crowd in a few buckets only take longer.
"""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray

_BUCKETS = 1024
_LEAST_WIDTH = 1e-300


@kernel
def _insert(ordered: FloatArray) -> None:
    for i in range(1, ordered.size):
        value, j = ordered[i], i - 1
        while j >= 0 and ordered[j] > value:
            ordered[j + 1] = ordered[j]
            j -= 1
        ordered[j + 1] = value


@kernel
def bucket_sorted(values: FloatArray) -> FloatArray:
    """Return finite values in ascending order, as ``np.sort`` does, shape (n,)."""
    lowest, highest = values[0], values[0]
    for value in values:
        lowest, highest = min(lowest, value), max(highest, value)
    width = highest - lowest
    # A range of which no number of buckets can be told is left to insertion.
    scale = (_BUCKETS - 1) / width if _LEAST_WIDTH < width < np.inf else 0.0
    buckets, starts = np.empty(values.size, np.int32), np.zeros(_BUCKETS + 1, np.int32)
    for i in range(values.size):
        # Whatever a value is, nothing is written beside the buckets.
        bucket = min(max(int((values[i] - lowest) * scale), 0), _BUCKETS - 1) if scale > 0.0 else 0
        buckets[i] = bucket
        starts[bucket + 1] += 1
    for bucket in range(_BUCKETS):
        starts[bucket + 1] += starts[bucket]
    ordered = np.empty(values.size)
    for i in range(values.size):
        ordered[starts[buckets[i]]] = values[i]
        starts[buckets[i]] += 1
    _insert(ordered)
    return ordered
