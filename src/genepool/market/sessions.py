"""A share's trading day, learned from its candles: when it begins, which candles it has, when it is short."""

from dataclasses import dataclass

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.own_clock import clock_of_weeks, hours_beside
from genepool.market.rest_days import Feasts
from genepool.market.timeframes import DAY, HOUR, SECOND
from genepool.market.weekdays import open_weekdays, weekday

# A closure of this length ends a day; what never sleeps has shorter ones, or weekends alone.
_NIGHT = 6 * HOUR
_LONGEST_SESSION = 18 * HOUR
# Share of the days that begin at the usual time, before they count as sessions.
_FEWEST_ALIKE = 0.7
# The first trade of an illiquid share comes some minutes late.
_LATE = 20 * 60 * SECOND
# Share of a day that a short one may lack at its end, and share of the days that may be short.
SHORT_DAY, SHORT_DAYS = 0.6, 0.05
_FRIDAY = 4


@dataclass(frozen=True, eq=False)
class Sessions:
    """Candles by trading day.

    Parameters
    ----------
    day
        Trading day of each candle, named by the date in UTC of the session's middle, shape (n,).
    offset
        Time of each candle since its trading day began, on the market's own clock, shape (n,).
    slots
        Offsets at which at least every other day has a candle, rising: the usual day.
    """

    day: IntArray
    offset: IntArray
    slots: IntArray

    @property
    def days(self) -> IntArray:
        """Trading days that have candles, rising."""
        return np.asarray(self.day[np.append(True, np.diff(self.day) != 0)])

    @property
    def usual_count(self) -> int:
        """How many candles a full day has: what at least half of the days reach.

        The first day and the last may be cut by the ends of the history.
        """
        counts = np.unique(self.day, return_counts=True)[1]
        whole = np.sort(counts[1:-1])
        return int(whole[len(whole) // 2]) if len(whole) > 1 else int(counts.max())


def learned(stamps: IntArray, step: int) -> Sessions | None:
    """Return the sessions of rising stamps; None where the candles do not come in daily sessions."""
    first = np.append(0, np.flatnonzero(np.diff(stamps) - step >= _NIGHT) + 1)
    if step >= DAY or len(first) < 2:  # noqa: PLR2004 - one session is no rule
        return None
    starts = stamps[first]
    lengths = stamps[np.append(first[1:] - 1, len(stamps) - 1)] - starts + step
    length = int(np.median(lengths))
    if length > _LONGEST_SESSION or np.median(np.diff(starts)) > DAY + 2 * HOUR:
        return None
    usual, shifts = _usual_start(starts, step)
    if usual is None:
        return None
    moved = np.repeat(shifts, np.diff(np.append(first, len(stamps))))
    begin = usual + (length - DAY) // 2
    local = stamps + moved - begin
    offset, middle = local % DAY, begin + DAY // 2
    # Where a session's middle is before or after midnight in UTC, its name is the date there.
    day = local // DAY + middle // DAY
    times, counts = np.unique(offset, return_counts=True)
    return Sessions(day, offset, times[counts * 2 >= len(np.unique(day))])


def _usual_start(starts: IntArray, step: int) -> tuple[int | None, IntArray]:
    """Return the usual time of day at which sessions start, and each one's shift by a change of clocks."""
    # A file may begin in the middle of a session.
    times, counts = np.unique(starts[1:] % DAY, return_counts=True)
    usual = int(times[np.argmax(counts)])
    tolerance = _LATE if step <= _LATE // 2 else 0
    hours = hours_beside(starts, usual, tolerance)
    beside = (starts - usual - HOUR * hours + DAY // 2) % DAY - DAY // 2
    alike = np.abs(beside) <= tolerance
    # Where there are but two, one must say what the other does.
    said = alike[1:] if len(starts) > 2 else np.repeat(alike.all(), 1)  # noqa: PLR2004
    if said.mean() < _FEWEST_ALIKE:
        return None, hours
    return usual, -HOUR * clock_of_weeks(starts, hours)


def lacks(sessions: Sessions, longest: int, known: IntArray | None = None) -> IntArray:
    """Count the candles that the usual day has and that are missing between neighbours, shape (n - 1,).

    Nights, breaks, short days, holidays and feasts lack nothing.

    Parameters
    ----------
    sessions
        As learned.
    longest
        Most days that a market may rest without being known to.
    known
        Days on which its exchange rested.
    """
    day, slots = sessions.day, sessions.slots
    before = np.searchsorted(slots, sessions.offset, side="left")
    after = np.searchsorted(slots, sessions.offset, side="right")
    same = np.diff(day) == 0
    inside = np.where(same, before[1:] - after[:-1], 0)
    tail = np.where(same, 0, len(slots) - after[:-1])
    head = np.where(same, 0, before[1:])
    known = day[:0] if known is None else known
    whole, feasts = _whole_days(sessions, known)
    short_days = (tail <= SHORT_DAY * len(slots)) & (np.count_nonzero(tail) <= _most_short(sessions))
    said = np.searchsorted(known, day[:-1]) < np.searchsorted(known, day[1:])
    rests = (whole - feasts <= 1) & ((np.diff(day) <= longest) | said)
    return inside + head + np.where(short_days, 0, tail) + np.where(rests, 0, whole * len(slots))


def _most_short(sessions: Sessions) -> float:
    return max(1.0, SHORT_DAYS * len(sessions.days))


def _whole_days(sessions: Sessions, known: IntArray) -> tuple[IntArray, IntArray]:
    """Return how many trading days have no candle between each pair, and how many of those are feasts."""
    days, open_days = sessions.days, weekdays_of(sessions)
    span: IntArray = np.arange(days[0], days[-1] + 1)
    due = open_days[weekday(span)]
    feast = due & (Feasts(days).rests(span) | np.isin(span, known))
    place = sessions.day - days[0]
    sums = [np.append(0, np.cumsum(kind)) for kind in (due, feast)]
    # Days strictly between two candles' days; none between candles of one day.
    counts = [np.maximum(total[place[1:]] - total[place[:-1] + 1], 0) for total in sums]
    return counts[0], counts[1]


def weekdays_of(sessions: Sessions) -> BoolArray:
    """Return on which weekdays sessions take place; only days from Friday to Sunday can be days of rest."""
    open_days = open_weekdays(sessions.days)
    open_days[:_FRIDAY] = True
    return open_days
