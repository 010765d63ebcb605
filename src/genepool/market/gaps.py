"""Gaps between candles, and which of them belong to the market's calendar."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from genepool.market.candles import IntArray

BoolArray = npt.NDArray[np.bool_]

DAY = 86_400 * 1_000_000_000
_SATURDAY, _SUNDAY = 5, 6
# Christmas and New Year with their eves, as month and day: when over-the-counter markets rest midweek.
_HOLIDAYS = ((12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (1, 2))
# A weekend beside a holiday; a longer silence is a hole in the data whatever days it touches.
_LONGEST_CLOSURE = 5 * DAY


class Calendar(StrEnum):
    """When a market trades."""

    CONTINUOUS = "continuous"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True, eq=False)
class Gaps:
    """Every place where candles are missing.

    Parameters
    ----------
    after
        Index of the candle before each gap, shape (g,).
    missing
        Candles missing there, shape (g,).
    expected
        Whether the calendar explains the gap, shape (g,).
    """

    after: IntArray
    missing: IntArray
    expected: BoolArray


def gaps_between(stamps: IntArray, step: int, calendar: Calendar) -> Gaps:
    """Return the gaps of rising stamps whose spacings are multiples of a step, all in nanoseconds."""
    spacing = np.diff(stamps)
    after = np.flatnonzero(spacing > step)
    missing = spacing[after] // step - 1
    if calendar is Calendar.CONTINUOUS:
        expected = np.zeros(len(after), dtype=bool)
    else:
        expected = _touches_closed_day(stamps[after] + step, stamps[after + 1] - step)
    return Gaps(after, missing, expected)


def chosen_calendar(stamps: IntArray) -> Calendar:
    """Return weekdays for a history that holds a Friday, a Monday and no Saturday, else continuous."""
    held = set(np.unique(_weekday(np.unique(stamps // DAY))).tolist())
    return Calendar.WEEKDAYS if {0, 4} <= held and _SATURDAY not in held else Calendar.CONTINUOUS


def filling(stamps: IntArray, step: int, calendar: Calendar, most: int) -> tuple[IntArray, BoolArray]:
    """Say how to fill the gaps of at most so many candles that the calendar does not explain.

    Returns
    -------
    Index of the source candle of every candle afterwards, and whether it is a filled one.
    """
    gaps = gaps_between(stamps, step, calendar)
    short = ~gaps.expected & (gaps.missing <= most)
    copies = np.ones(len(stamps), dtype=np.int64)
    copies[gaps.after[short]] += gaps.missing[short]
    origin = np.repeat(np.arange(len(stamps)), copies)
    return origin, np.append(False, np.diff(origin) == 0)


def _touches_closed_day(first: IntArray, last: IntArray) -> BoolArray:
    """Say which spans of missing stamps touch a weekend or holiday and are no longer than a closure."""
    touched = np.zeros(len(first), dtype=bool)
    for days in range(_LONGEST_CLOSURE // DAY + 1):
        day = first // DAY + days
        touched |= (day <= last // DAY) & _closed(day)
    return touched & (last - first < _LONGEST_CLOSURE)


def _closed(days: IntArray) -> BoolArray:
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    number = (month.astype(np.int64) % 12 + 1) * 100 + (date - month).astype(np.int64) + 1
    holidays = [month * 100 + day for month, day in _HOLIDAYS]
    return np.isin(_weekday(days), (_SATURDAY, _SUNDAY)) | np.isin(number, holidays)


def _weekday(days: IntArray) -> IntArray:
    """Return 0 for Monday to 6 for Sunday; day 0 of 1970 was a Thursday."""
    return (days + 3) % 7
