"""Marks by which candles are known again under any file, symbol or time zone.

The prices of a few candles in a row are hashed, and of every stretch of hashes the smallest is kept
(winnowing: Schleimer, Wilkerson and Aiken, "Local algorithms for document fingerprinting", 2003). Two
histories that share a stretch of candles choose the same hash in it, wherever each of them begins.
"""

import numpy as np
import numpy.typing as npt

from genepool.market.candles import PRICE_COLUMNS, Candles

Hashes = npt.NDArray[np.uint64]

# Candles of one hash: fewer may look alike on two markets that move by a tick or two.
_GRAM = 16
# Closes among them that must differ from the one before: a market at rest looks like every other.
_MOVES = 8
# Hashes in a row of which the smallest is a mark: histories that share 79 lively candles in a row share one.
_WINDOW = 64
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_STEP = 0x9E3779B97F4A7C15
_NONE = np.iinfo(np.uint64).max


def marks(candles: Candles) -> frozenset[int]:
    """Return the marks of a history; none of one that is too short or never moves.

    Prices count as float32, so that a file that was written in single precision is known again.
    """
    hashes = _gram_hashes(candles)
    if not len(hashes):
        return frozenset()
    window = min(_WINDOW, len(hashes))
    chosen = np.lib.stride_tricks.sliding_window_view(hashes, window).min(axis=1)
    return frozenset(int(mark) for mark in np.unique(chosen[chosen != _NONE]))


def _gram_hashes(candles: Candles) -> Hashes:
    """Hash every ``_GRAM`` candles in a row, shape (n - _GRAM + 1,); those at rest get ``_NONE``."""
    count = len(candles) - _GRAM + 1
    if count < 1:
        return np.empty(0, np.uint64)
    each, state = _candle_hashes(candles), np.zeros(count, np.uint64)
    for k in range(_GRAM):
        state = _mixed(state * np.uint64(_STEP) + each[k : k + count])
    moved = np.concatenate([[0], np.cumsum(np.diff(candles.close) != 0)])
    state[moved[_GRAM - 1 :] - moved[:count] < _MOVES] = _NONE
    return state


def _candle_hashes(candles: Candles) -> Hashes:
    state = np.zeros(len(candles), np.uint64)
    for name in PRICE_COLUMNS:
        bits = getattr(candles, name).astype(np.float32).view(np.uint32).astype(np.uint64)
        state = _mixed(state * np.uint64(_STEP) + bits + np.uint64(1))
    return state


def _mixed(values: Hashes) -> Hashes:
    """Spread every bit over all bits (the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_FACTORS[0])
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_FACTORS[1])
    return values ^ (values >> np.uint64(31))
