"""Days on which markets rest beside their weekends, and how those days are found.

Whether one market keeps a feast is read from its candles: a market that trades on the first of May does
not rest on the second because others do.
"""

from collections.abc import Callable

import numpy as np

from genepool.market.arrays import BoolArray, IntArray

# Days that no rule gives: New York when the banks were closed in 1933, when the war ended, after
# 11 September 2001 and during the storm of October 2012.
_CLOSED = (
    *(("1933-03-04", "1933-03-14"), ("1945-08-15", "1945-08-16")),
    *(("2001-09-11", "2001-09-14"), ("2012-10-29", "2012-10-30")),
)
# Christmas and New Year with their eves, as month and day, and the days that stand in for them.
_YEAR_END = ((12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (1, 2))
_YEAR_END_OF_EXCHANGES = (*_YEAR_END, (12, 27), (12, 28), (12, 29), (12, 30), (1, 3))
_EARLY_MAY = ((4, 29), (4, 30), *((5, day) for day in range(1, 7)))
_EARLY_APRIL = tuple((4, day) for day in range(2, 8))
_EARLY_OCTOBER = tuple((10, day) for day in range(1, 9))
# Around 1 Shawwal and 10 Dhu al-Hijja, as month and day.
_LAST_FAST, _AFTER_FAST, _BEFORE_SACRIFICE, _AFTER_SACRIFICE = 928, 1007, 1207, 1216
_MAUNDY = -3  # days from Easter
_LUNATION, _NEW_MOON = 29.530588853, 10_962.76  # days, and the first new moon of 2000 in days since 1970
_OTHER_YEAR = 30


def year_end(days: IntArray) -> BoolArray:
    """Say which days, counted from 1970, are Christmas, New Year or their eves: over the counter too."""
    return _on(days, _YEAR_END)


def everywhere(days: IntArray) -> BoolArray:
    """Say on which days even a market that never sleeps may rest: Christmas, New Year, Easter."""
    return year_end(days) | np.isin(days - easter(days), (-2, 1))


class Feasts:
    """The feasts of several days that an exchange keeps, by what it traded on.

    Parameters
    ----------
    traded
        Days on which the exchange traded, counted from 1970, rising.
    """

    def __init__(self, traded: IntArray) -> None:
        span: IntArray = np.arange(traded[0], traded[-1] + 1)
        weekdays = span[np.isin(span % 7, np.unique(traded % 7))]
        self._kept = tuple(
            feast for feast, least in _FEASTS if _keeps(weekdays[feast(weekdays)], traded, least)
        )

    def rests(self, days: IntArray) -> BoolArray:
        """Say on which days, of any shape, the exchange may rest beside its usual holidays."""
        rests = everywhere(days) | _on(days, _YEAR_END_OF_EXCHANGES) | (days - easter(days) == _MAUNDY)
        for first, last in _CLOSED:
            rests |= (days >= _day(first)) & (days <= _day(last))
        for feast in self._kept:
            rests |= feast(days)
        return np.asarray(rests)


def _keeps(feast: IntArray, traded: IntArray, least: int) -> bool:
    """Say whether the market rested on most occurrences of a feast, given all its weekdays."""
    if not len(feast):
        return False
    occurrence = np.append(0, np.cumsum(np.diff(feast) > _OTHER_YEAR))
    rested = np.bincount(occurrence, weights=~np.isin(feast, traded))
    return bool(np.count_nonzero(rested >= least) * 2 >= len(rested))


def _in_may(days: IntArray) -> BoolArray:
    return _on(days, _EARLY_MAY)


def _in_october(days: IntArray) -> BoolArray:
    return _on(days, _EARLY_OCTOBER)


def _lunar_new_year(days: IntArray) -> BoolArray:
    return _around_moon(days, 0.0, (2, 8), (120, 221))


def _harvest(days: IntArray) -> BoolArray:
    """Say which days are near the full moon of autumn: Chuseok, the Moon Festival, Sukkot."""
    return _around_moon(days, 0.5, (3, 3), (908, 1008))


def _autumn(days: IntArray) -> BoolArray:
    """Say which days are near the new moon of autumn: from Rosh Hashanah to Yom Kippur."""
    return _around_moon(days, 0.0, (1, 11), (904, 1006))


def _passover(days: IntArray) -> BoolArray:
    return _around_moon(days, 0.5, (2, 8), (325, 426))


def _around_moon(
    days: IntArray, phase: float, around: tuple[int, int], between: tuple[int, int]
) -> BoolArray:
    """Say which days lie within days before and after a moon whose date, as 1224, lies between two."""
    before, after = around
    age = np.floor((days + before - _NEW_MOON - phase * _LUNATION) % _LUNATION).astype(np.int64)
    moon = month_and_day(days + before - age)
    return np.asarray((age <= before + after) & (moon >= between[0]) & (moon <= between[1]))


def _end_of_fast(days: IntArray) -> BoolArray:
    month, day = _islamic(days)
    return np.asarray(month * 100 + day >= _LAST_FAST) & (month * 100 + day <= _AFTER_FAST)


def _sacrifice(days: IntArray) -> BoolArray:
    month, day = _islamic(days)
    return np.asarray(month * 100 + day >= _BEFORE_SACRIFICE) & (month * 100 + day <= _AFTER_SACRIFICE)


def _dragon_boat(days: IntArray) -> BoolArray:
    return _around_moon(days, 0.0, (-2, 6), (525, 623))


def _in_april(days: IntArray) -> BoolArray:
    """Say which days are near Qingming."""
    return _on(days, _EARLY_APRIL)


# Each with the weekdays that a market which keeps it rests in most years, at least.
_FEASTS: tuple[tuple[Callable[[IntArray], BoolArray], int], ...] = (
    *((feast, 2) for feast in (_in_may, _in_october, _lunar_new_year, _harvest)),
    *((feast, 2) for feast in (_autumn, _passover, _end_of_fast, _sacrifice)),
    *((feast, 1) for feast in (_dragon_boat, _in_april)),
)


def _islamic(days: IntArray) -> tuple[IntArray, IntArray]:
    """Return month and day of the tabular Islamic calendar (30 years of 10,631 days)."""
    since = (days + 492_148) % 10_631  # 1 Muharram 1 was 16 July 622 of the Julian calendar
    year = (30 * since + 15) // 10_631
    within = since - (year * 10_631 + 14) // 30
    month = np.minimum(within * 2 // 59, 11)
    return month + 1, within - (month * 59 + 1) // 2 + 1


def easter(days: IntArray) -> IntArray:
    """Return Easter Sunday of each day's year, in days since 1970 (the anonymous Gregorian rule)."""
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    century, golden = years // 100, years % 19
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (years + years // 4 + moon + 2 - century + century // 4) % 7
    march = ((years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 2).astype("datetime64[D]")
    return np.asarray(march.astype(np.int64) + 27 + moon - weekday)


def _on(days: IntArray, dates: tuple[tuple[int, int], ...]) -> BoolArray:
    return np.isin(month_and_day(days), [month * 100 + day for month, day in dates])


def month_and_day(days: IntArray) -> IntArray:
    """Return 1224 for a 24 December."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    return np.asarray((month.astype(np.int64) % 12 + 1) * 100 + (date - month).astype(np.int64) + 1)


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))
