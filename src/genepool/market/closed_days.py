"""Weekdays on which a market that rests at weekends has no candle: holidays, or days that a file lost.

Nothing is refused for them. A day is taken for a holiday where a rule of the calendar gives it, or where
the market rested on the like of it in the years around; what is neither is doubtful, and left to people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.candles import Candles
from genepool.market.exchanges import closures
from genepool.market.gaps import Calendar, chosen_calendar
from genepool.market.own_clock import week_shifts
from genepool.market.periods import periods
from genepool.market.rest_days import Feasts, easter, month_and_day
from genepool.market.sessions import learned, weekdays_of
from genepool.market.timeframes import DAY, timeframe_nanoseconds
from genepool.market.weekdays import open_weekdays, traded_days, weekday

_MOST_LISTED, _MOST_NAMED = 12, 5
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
# Juneteenth, Independence Day, Labour Day, All Saints', Veterans' Day, as month and day.
_FIXED = (619, 704, 501, 1101, 1111)
# As 131: the third Monday (0) of January; 9 for the last one.
_OF_MONTH = (130, 230, 590, 910, 1143, 510, 890, 1020)
# Ascension, Whit Monday, Corpus Christi, in days from Easter.
_FROM_EASTER = (39, 50, 60)
_LAST = 9
# The years before and after in which a holiday comes again, and the part of them in which it must.
_YEARS_AROUND, _FEWEST = 4, 1 / 3
# Codes of days by year.
_Codes = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Weekdays without a candle, and those of them that are no usual holiday, as ISO dates."""

    closed: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say on how many weekdays the market was closed, when if they are few, and which are doubtful."""
        if not self.closed:
            return "closed on no weekday"
        dates = f" ({', '.join(self.closed)})" if len(self.closed) <= _MOST_LISTED else ""
        return f"closed on {_weekdays(len(self.closed))}{dates}, {self._doubts()}"

    def _doubts(self) -> str:
        if not self.doubtful:
            return "a usual holiday" if len(self.closed) == 1 else "all of them usual holidays"
        told = [f"{np.datetime64(date).item():%A} {date}" for date in self.doubtful[:_MOST_NAMED]]
        rest = len(self.doubtful) - _MOST_NAMED
        more = f" and {rest:,} more" if rest > 0 else ""
        are = (
            "1 is no usual holiday"
            if len(self.doubtful) == 1
            else f"{len(self.doubtful):,} are no usual holidays"
        )
        return f"of which {are}: {', '.join(told)}{more}"


def closed_days(candles: Candles) -> ClosedDays:
    """Return the weekdays on which a market that rests at weekends has no candle."""
    days, due = _trading_days(candles.stamps, timeframe_nanoseconds(candles.timeframe))
    if len(days) < 2:  # noqa: PLR2004 - nothing lies between fewer
        return ClosedDays()
    span: IntArray = np.arange(days[0], days[-1] + 1)
    closed = span[due[weekday(span)] & ~np.isin(span, days)]
    usual = Feasts(days).rests(closed) | _by_rule(closed) | _recurring(closed, days)
    usual |= np.isin(closed, closures(days))
    return ClosedDays(_dates(closed), _dates(closed[~usual]))


def _weekdays(count: int) -> str:
    return "1 weekday" if count == 1 else f"{count:,} weekdays"


def _trading_days(stamps: IntArray, step: int) -> tuple[IntArray, BoolArray]:
    """Return the days with candles and on which weekdays there should be some; none for other markets."""
    calendar = chosen_calendar(stamps, step)
    if calendar is Calendar.CONTINUOUS:
        return stamps[:0], np.zeros(7, dtype=np.bool_)
    sessions = learned(stamps, step) if calendar is Calendar.SESSIONS else None
    if sessions is not None:
        return sessions.days, _of_weeks(weekdays_of(sessions))
    local = periods(stamps, step).local
    local = local + week_shifts(local, step)
    days = traded_days(local)
    if step == DAY and (due := open_weekdays(days))[_SUNDAY] and not due[_FRIDAY]:
        # Days that begin in the evening before are named by their noon.
        days = traded_days(local + DAY // 2)
    return days, _of_weeks(open_weekdays(days))


def _of_weeks(due: BoolArray) -> BoolArray:
    """Return weekdays without those on which a market of five other ones only begins its week."""
    due = due.copy()
    if due[:_SATURDAY].all():
        due[_SATURDAY:] = False
    return due


def _by_rule(days: IntArray) -> BoolArray:
    """Say which days are holidays that many exchanges keep."""
    fixed = np.any([np.isin(dates, _FIXED) for dates in _observed(days)], axis=0)
    of_month = np.isin(_of_month(days), _OF_MONTH) | np.isin(_last_of_month(days), _OF_MONTH)
    return np.asarray(fixed | of_month | np.isin(days - easter(days), _FROM_EASTER))


def _recurring(closed: IntArray, days: IntArray) -> BoolArray:
    """Say on the like of which days the market rested in enough of the years around."""
    first, last = _year(days[[0, -1]]).tolist()
    recurs = np.zeros(len(closed), dtype=np.bool_)
    for kind in _KINDS:
        codes, years = kind(closed), _year(closed)
        held = _by_year(years, codes)
        for i, (year, code) in enumerate(zip(years.tolist(), codes.T.tolist(), strict=True)):
            recurs[i] |= _comes_again(year, frozenset(code), held, (first, last))
    return recurs


def _by_year(years: IntArray, codes: IntArray) -> _Codes:
    return {int(year): frozenset(codes[:, years == year].ravel().tolist()) for year in np.unique(years)}


def _comes_again(year: int, code: frozenset[int], held: _Codes, span: tuple[int, int]) -> bool:
    around = range(max(year - _YEARS_AROUND, span[0]), min(year + _YEARS_AROUND, span[1]) + 1)
    others = [other for other in around if other != year]
    again = sum(not code.isdisjoint(held.get(other, frozenset())) for other in others)
    return again >= max(1.0, _FEWEST * len(others))


def _observed(days: IntArray) -> IntArray:
    """Return the dates, as 704 for 4 July, that a day may stand for: its own, and one of the weekend."""
    friday, monday = weekday(days) == _FRIDAY, weekday(days) == 0
    return np.stack([month_and_day(days), month_and_day(days + np.where(friday, 1, np.where(monday, -1, 0)))])


def _of_month(days: IntArray) -> IntArray:
    """Return 1143 for the fourth Thursday of November."""
    date = month_and_day(days)
    return np.asarray(date // 100 * 100 + ((date % 100 - 1) // 7 + 1) * 10 + weekday(days))


def _last_of_month(days: IntArray) -> IntArray:
    """Return 590 for the last Monday of May, and a number that no other day has for what is not the last."""
    month = month_and_day(days) // 100
    is_last = month_and_day(days + 7) // 100 != month
    return np.where(is_last, month * 100 + _LAST * 10 + weekday(days), -1 - days)


def _year(days: IntArray) -> IntArray:
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)


def _dates(days: IntArray) -> tuple[str, ...]:
    return tuple(np.datetime_as_string(days.astype("datetime64[D]")).tolist())


# What days of several years may have in common; each returns codes of shape (kinds, n).
_KINDS: tuple[Callable[[IntArray], IntArray], ...] = (
    _observed,
    lambda days: _of_month(days)[None],
    lambda days: _last_of_month(days)[None],
    lambda days: (days - easter(days))[None],
)
