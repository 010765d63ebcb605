"""Gaps between candles, and which of them belong to the market's calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.exchanges import closures
from genepool.market.own_clock import week_shifts
from genepool.market.periods import periods
from genepool.market.rest_days import Feasts, everywhere, year_end
from genepool.market.sessions import SHORT_DAY, SHORT_DAYS, lacks, learned
from genepool.market.timeframes import DAY, HOUR, WEEK
from genepool.market.weekdays import rests_weekly, traded_days

# The longest feasts of exchanges with their weekends; a longer silence is a hole on any days.
_LONGEST_CLOSURE = 12
# A closure of this length is a weekend's or a feast's, and what lies beside it may be one too.
_LONG_REST = 12 * HOUR
# Weekdays a year that an exchange rests beside its feasts, at most; more are holes.
_MOST_HOLIDAYS = 25


class Calendar(StrEnum):
    """When a market trades: always, on some days of the week, or in daily sessions on those."""

    CONTINUOUS = "continuous"
    WEEKDAYS = "weekdays"
    SESSIONS = "sessions"


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
    """Return the gaps of rising stamps, all in nanoseconds.

    Nights, short days and holidays of a market with sessions are no gaps.
    """
    if calendar is Calendar.SESSIONS and (sessions := learned(stamps, step)) is not None:
        lacking = lacks(sessions, _LONGEST_CLOSURE)
        if lacking.any() and len(known := closures(sessions.days)):
            lacking = lacks(sessions, _LONGEST_CLOSURE, known)
        after = np.flatnonzero(lacking)
        return Gaps(after, lacking[after], np.zeros(len(after), dtype=bool))
    placed = periods(stamps, step)
    missing = np.diff(placed.index) - 1
    after = np.flatnonzero(missing > 0)
    if calendar is Calendar.CONTINUOUS or step >= WEEK:
        return Gaps(after, missing[after], np.zeros(len(after), dtype=bool))
    return Gaps(after, missing[after], _explained(placed.local, after, missing[after], step))


def chosen_calendar(stamps: IntArray, step: int) -> Calendar:
    """Return when a market trades, by its rising stamps: in sessions, on some weekdays, or always."""
    if step > DAY:
        return Calendar.CONTINUOUS
    if learned(stamps, step) is not None:
        return Calendar.SESSIONS
    return Calendar.WEEKDAYS if rests_weekly(traded_days(stamps)) else Calendar.CONTINUOUS


def filling(stamps: IntArray, step: int, calendar: Calendar, most: int) -> tuple[IntArray, BoolArray]:
    """Say how to fill the gaps of at most ``most`` candles that the calendar does not explain.

    Returns
    -------
    Index of the source candle of every candle afterwards, and whether it is a filled one.
    """
    gaps = gaps_between(stamps, step, calendar)
    # What reaches over a night or a break of the session cannot be filled step by step.
    whole = np.diff(stamps)[gaps.after] // step - 1 == gaps.missing
    short = ~gaps.expected & (gaps.missing <= most) & whole
    copies = np.ones(len(stamps), dtype=np.int64)
    copies[gaps.after[short]] += gaps.missing[short]
    origin = np.repeat(np.arange(len(stamps)), copies)
    return origin, np.append(False, np.diff(origin) == 0)


def holidays(stamps: IntArray) -> int:
    """Count the weekdays, Christmas and New Year left out, on which a market with daily candles rested."""
    local = periods(stamps, DAY).local
    return int(_Week(local, year_end).lacking(local, np.flatnonzero(np.diff(local) > DAY)).sum())


def _explained(local: IntArray, after: IntArray, missing: IntArray, step: int) -> BoolArray:
    """Say which gaps of a market with weekends reach at most one weekday beyond its usual rest."""
    local = local + week_shifts(local, step)
    days = traded_days(local)
    rests = Feasts(days).rests if step == DAY else everywhere
    explained = _by(rests, local, after, missing, step)
    short = local[after + 1] - local[after] <= _LONGEST_CLOSURE * DAY
    if (explained & short).all() or not len(known := closures(days)):
        return np.asarray(explained & short)
    short |= np.searchsorted(known * DAY, local[after]) < np.searchsorted(known * DAY, local[after + 1])
    return short & _by(lambda day: rests(day) | np.isin(day, known), local, after, missing, step)


def _by(
    rests: Callable[[IntArray], BoolArray], local: IntArray, after: IntArray, missing: IntArray, step: int
) -> BoolArray:
    """Say which gaps, of any length, lack no more than one weekday, given the days of rest."""
    week = _Week(local, rests)
    usual, lacking = week.due(local[after], local[after + 1]), week.lacking(local, after)
    if step == DAY:
        years = max((int(local[-1]) - int(local[0])) / (365 * DAY), 1.0)
        return np.asarray(lacking <= (np.count_nonzero(lacking == 1) <= _MOST_HOLIDAYS * years))
    resting = ((missing - usual) * step >= _LONG_REST) | (lacking < usual)
    # A market with an hour's break a day closes early before a holiday, as an exchange has short days.
    early = ~week.usual(local[after + 1] - step) & (lacking <= SHORT_DAY * DAY // step)
    # An hour is no holiday: for some weeks a year the clocks of the market and of the source disagree.
    many = np.count_nonzero(early & ~resting & (lacking * step > HOUR)) > SHORT_DAYS * len(traded_days(local))
    early &= not many
    return np.asarray(lacking <= np.where(resting | early, DAY // step, 0))


class _Week:
    """The usual week of a market: the times at which at least every other week has a candle."""

    def __init__(self, local: IntArray, rests: Callable[[IntArray], BoolArray]) -> None:
        times, first, counts = np.unique(local % WEEK, return_index=True, return_counts=True)
        possible = (local[-1] - local[first]) // WEEK + 1
        earlier = (local[first] - local[0]) // WEEK
        usual = times[counts * 2 >= possible + earlier]
        self._times = np.union1d(usual, _seen_on_other_days(local, times))
        self._rests = rests

    def usual(self, moments: IntArray) -> BoolArray:
        """Say whether the usual week has a candle then."""
        return np.isin(moments % WEEK, self._times)

    def due(self, start: IntArray, stop: IntArray) -> IntArray:
        """Count the usual candles strictly between moments."""
        return np.asarray(np.maximum(self._until(stop - 1) - self._until(start), 0))

    def lacking(self, local: IntArray, after: IntArray) -> IntArray:
        """Count the usual candles that each gap lacks on days that are no feasts."""
        start, stop = local[after], local[after + 1]
        lacking = self.due(start, stop)
        first, last = start // DAY, (stop - 1) // DAY
        for days in range(int((last - first).max(initial=-1)) + 1):
            open_yet = np.flatnonzero(first + days <= last)
            day = first[open_yet] + days
            begin, end = (
                np.maximum(start[open_yet], day * DAY - 1),
                np.minimum(stop[open_yet], (day + 1) * DAY),
            )
            lacking[open_yet] -= np.where(self._rests(day) & (begin < end), self.due(begin, end), 0)
        return lacking

    def _until(self, moment: IntArray) -> IntArray:
        weeks, rest = moment // WEEK, moment % WEEK
        return np.asarray(
            weeks * len(self._times) + np.searchsorted(self._times, rest, side="right"), dtype=np.int64
        )


def _seen_on_other_days(local: IntArray, times: IntArray) -> IntArray:
    """Return the times of the week that a short history passes once, without a candle, but not on other days.

    Nothing of that time in another week could show whether the market trades then.
    """
    step = int(np.diff(local).min())
    passed = np.arange(local[0], local[-1], step)
    week, count = np.unique(passed % WEEK, return_counts=True)
    once = np.setdiff1d(week[count == 1], times)
    hours, days = np.unique(local % DAY, return_counts=True)
    traded = traded_days(local)
    usual = hours[days * 2 >= len(traded)]
    return once[np.isin(once % DAY, usual) & np.isin(once // DAY, np.unique(traded % (WEEK // DAY)))]
