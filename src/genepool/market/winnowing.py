"""Marks of a sequence: a few hashes that two sequences share wherever they share a stretch.

Of every stretch of hashes the smallest is kept (winnowing: Schleimer, Wilkerson and Aiken, "Local algorithms
for document fingerprinting", 2003). Two sequences that share a stretch choose the same hash in it, wherever
each of them begins.
"""

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

# The hash of what is no mark.
NO_MARK = np.iinfo(np.uint64).max
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_STEP = 0x9E3779B97F4A7C15


def chained(state: Hashes, values: Hashes) -> Hashes:
    """Return the hashes of what ``state`` stands for, each followed by one more value."""
    return _mixed(state * np.uint64(_STEP) + values)


def hashed_in_a_row(each: Hashes, count: int, kind: int = 0) -> Hashes:
    """Hash every ``count`` values in a row.

    Parameters
    ----------
    each
        Shape (n,).
    count
        How many make one hash.
    kind
        What the values are: those of another kind are never the same.

    Returns
    -------
    Hashes
        Shape (n - count + 1,); empty where there are fewer values.
    """
    rows = len(each) - count + 1
    if rows < 1:
        return np.empty(0, np.uint64)
    state = np.full(rows, kind, np.uint64)
    for k in range(count):
        state = chained(state, each[k : k + rows])
    return state


def smallest_of_each(hashes: Hashes, window: int) -> frozenset[int]:
    """Return the smallest of every ``window`` hashes in a row, or of all where there are fewer."""
    if not len(hashes):
        return frozenset()
    stretches = np.lib.stride_tricks.sliding_window_view(hashes, min(window, len(hashes)))
    chosen = stretches.min(axis=1)
    return frozenset(int(mark) for mark in np.unique(chosen[chosen != NO_MARK]))


def _mixed(values: Hashes) -> Hashes:
    """Spread every bit over all bits (the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_FACTORS[0])
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_FACTORS[1])
    return values ^ (values >> np.uint64(31))
