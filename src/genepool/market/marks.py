"""Marks by which candles are known again under any file, symbol, time zone, scale or timeframe.

The prices of a few candles in a row are hashed, and a few of the hashes are marks (``winnowing``). Beside
them stand the marks of the days (``day_marks``).
"""

import numpy as np

from genepool.market.candles import PRICE_COLUMNS, Candles
from genepool.market.day_marks import day_marks
from genepool.market.winnowing import NO_MARK, Hashes, chained, hashed_in_a_row, smallest_of_each

# Candles of one hash: fewer may look alike on two markets that move by a tick or two.
_GRAM = 16
# Closes among them that must differ from the one before: a market at rest looks like every other.
_MOVES = 8
# Hashes in a row of which the smallest is a mark: histories that share 79 lively candles in a row share one.
_WINDOW = 64


def marks(candles: Candles) -> frozenset[int]:
    """Return the marks of a history; none of one that is too short or never moves.

    Prices count as float32, so that a file that was written in single precision is known again.
    """
    return smallest_of_each(_gram_hashes(candles), _WINDOW) | day_marks(candles)


def _gram_hashes(candles: Candles) -> Hashes:
    """Hash every ``_GRAM`` candles in a row; those at rest get ``NO_MARK``."""
    hashes = hashed_in_a_row(_candle_hashes(candles), _GRAM)
    moved = np.concatenate([[0], np.cumsum(np.diff(candles.close) != 0)])
    hashes[moved[_GRAM - 1 :] - moved[: len(hashes)] < _MOVES] = NO_MARK
    return hashes


def _candle_hashes(candles: Candles) -> Hashes:
    state = np.zeros(len(candles), np.uint64)
    for name in PRICE_COLUMNS:
        bits = getattr(candles, name).astype(np.float32).view(np.uint32).astype(np.uint64)
        state = chained(state, bits + np.uint64(1))
    return state
