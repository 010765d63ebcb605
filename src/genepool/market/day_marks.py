"""Marks by which a market is known again when its candles were joined to longer ones, or its prices scaled.

What both keep are the closes of days, but for a factor. The move of each day's last close from that of the
day before is rounded, and a few moves in a row are hashed.
"""

import numpy as np
import numpy.typing as npt

from genepool.market.candles import Candles, FloatArray
from genepool.market.timeframes import DAY, timeframe_nanoseconds
from genepool.market.winnowing import NO_MARK, hashed_in_a_row, smallest_of_each

# Moves of one hash, and hashes in a row of which the smallest is a mark: 24 days in common share one.
_GRAM, _WINDOW = 8, 16
# Moves are told to a thousandth of a percent: what rounding changes in prices of seven digits is less.
_QUANTUM = 1e-5
# Different moves among those of a hash: a market that rests or steps by single ticks looks like others.
_DIFFERENT = 6
# Tells moves of days from candles.
_KIND = 1


def day_marks(candles: Candles) -> frozenset[int]:
    """Return the marks of the days of a history; none where its candles are longer than a day."""
    if timeframe_nanoseconds(candles.timeframe) > DAY:
        return frozenset()
    closes = _closes_of_days(candles)
    # Beyond what a whole number can hold there is no move of a market.
    moves = np.clip(np.rint((closes[1:] / closes[:-1] - 1.0) / _QUANTUM), -(2.0**53), 2.0**53)
    hashes = hashed_in_a_row(moves.astype(np.int64).view(np.uint64), _GRAM, _KIND)
    if len(hashes):
        hashes[_alike(moves)] = NO_MARK
    return smallest_of_each(hashes, _WINDOW)


def _closes_of_days(candles: Candles) -> FloatArray:
    """Return the last close of each day, by UTC, on which a candle began."""
    days = candles.stamps // DAY
    closes: FloatArray = candles.close[np.append(days[1:] != days[:-1], True)]
    return closes


def _alike(moves: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which rows of moves hold too few different ones."""
    rows = np.sort(np.lib.stride_tricks.sliding_window_view(moves, _GRAM), axis=1)
    alike: npt.NDArray[np.bool_] = np.count_nonzero(np.diff(rows, axis=1), axis=1) < _DIFFERENT - 1
    return alike
