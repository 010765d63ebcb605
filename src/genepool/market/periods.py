"""Which period of its timeframe each candle is: the first, the second, ... with missing ones counted.

Hours and days are a grid, in the market's own clock. Weeks and months have calendar steps: a candle may
be stamped with the first or the last trading day, so its stamp may lie some days beside the grid.
"""

from dataclasses import dataclass

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.own_clock import clock_shifts
from genepool.market.timeframes import DAY, HOUR, MONTH, WEEK, is_months

# Stamps from the 22nd on belong to the month that comes: a month's first moment in UTC may lie in the
# month before, and so may its last trading day. Either way each month has one candle.
_BEFORE_MONTH = 10 * DAY
_FEWEST_DAYS_OF_A_MONTH, _MOST_DAYS_OF_A_MONTH = 26 * DAY, 36 * DAY


@dataclass(frozen=True, eq=False)
class Periods:
    """The place of every candle.

    Parameters
    ----------
    index
        Number of the period, 0 for the first candle, shape (n,).
    local
        Stamps on the market's own clock, shape (n,).
    wrong
        Whether a candle does not follow the one before on the grid, shape (n,).
    """

    index: IntArray
    local: IntArray
    wrong: BoolArray


def periods(stamps: IntArray, step: int) -> Periods:
    """Return the periods of rising stamps, all in nanoseconds."""
    if is_months(step):
        return _counted(_months(stamps), step // MONTH, stamps)
    if step % WEEK == 0:
        return _weeks(stamps, step)
    local = stamps + clock_shifts(stamps, step)
    spacing = np.diff(local)
    if (spacing == step).all():
        return Periods(np.arange(len(local)), local, np.zeros(len(local), dtype=np.bool_))
    wrong = np.append(False, (spacing % step != 0) | (spacing < step))
    return Periods((local - local[0]) // step, local, wrong)


def end_of(stamp: int, step: int) -> int:
    """Return when a candle that opened then is over."""
    if not is_months(step):
        return stamp + step
    opened = np.datetime64(stamp, "ns")
    month = opened.astype("datetime64[M]")
    return int(((month + step // MONTH) + (opened - month)).astype("datetime64[ns]").astype(np.int64))


def calendar_step(stamps: IntArray, commonest: int) -> int:
    """Return the timeframe of rising stamps: their commonest spacing, or months where they are months.

    Parameters
    ----------
    stamps
        At least two.
    commonest
        Their commonest spacing in nanoseconds.
    """
    spacing = np.diff(stamps)
    # Most histories are decided here, and a median of a million spacings takes its time.
    if 2 * np.count_nonzero(spacing < _FEWEST_DAYS_OF_A_MONTH) > len(spacing):
        return commonest
    months = np.diff(_months(stamps))
    each = int(np.median(months))
    if each < 1 or not _length_of_months(int(np.median(spacing)), each) or (months < 1).any():
        return commonest
    if (months % each).any() or _whole_weeks(stamps, spacing):
        return commonest
    return each * MONTH


def _length_of_months(spacing: int, months: int) -> bool:
    return (
        _FEWEST_DAYS_OF_A_MONTH + (months - 1) * MONTH
        <= spacing
        <= _MOST_DAYS_OF_A_MONTH + (months - 1) * MONTH
    )


def _whole_weeks(stamps: IntArray, spacing: IntArray) -> bool:
    """Say whether the stamps are weeks apart, and not the same day of two months."""
    days = stamps.astype("datetime64[ns]").astype("datetime64[D]")
    of_month = np.unique((days - days.astype("datetime64[M]")).astype(np.int64))
    return not (spacing % WEEK).any() and len(of_month) > 1


def _weeks(stamps: IntArray, step: int) -> Periods:
    phases, counts = np.unique(stamps % WEEK, return_counts=True)
    base = int(phases[np.argmax(counts)])
    beside = (stamps - base) % DAY
    # A week without its Friday ends on Thursday, and one without its Monday begins on Tuesday.
    readings = (
        _counted((stamps - base + margin) // WEEK, step // WEEK, stamps)
        for margin in (WEEK // 2, WEEK - DAY // 2, DAY // 2)
    )
    found = min(readings, key=lambda read: (np.count_nonzero(read.wrong), int(read.index[-1])))
    return Periods(found.index, stamps, found.wrong | ~np.isin(beside, (0, HOUR, DAY - HOUR)))


def _counted(number: IntArray, each: int, stamps: IntArray) -> Periods:
    steps = np.diff(number)
    wrong = np.append(False, (steps < 1) | (steps % each != 0))
    return Periods((number - number[0]) // each, stamps, wrong)


def _months(stamps: IntArray) -> IntArray:
    moved = (stamps + _BEFORE_MONTH).astype("datetime64[ns]").astype("datetime64[M]")
    return np.asarray(moved.astype(np.int64))
