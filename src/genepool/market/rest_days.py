"""Days on which markets rest beside their weekends, and how those days are found.

Whether one market keeps a feast is read from its candles: a market that trades on the first of May does
not rest on the second because others do.
"""

import numpy as np

from genepool.market.arrays import BoolArray, IntArray

# Days that no rule gives: New York after 11 September 2001 and during the storm of October 2012.
_CLOSED = (("2001-09-11", "2001-09-14"), ("2012-10-29", "2012-10-30"))
# Christmas and New Year with their eves, as month and day, and the days that stand in for them.
_YEAR_END = ((12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (1, 2))
_YEAR_END_OF_EXCHANGES = (*_YEAR_END, (12, 27), (12, 28), (12, 29), (12, 30), (1, 3))
_EARLY_MAY = tuple((5, day) for day in range(1, 7)) + ((4, 29), (4, 30))
_EARLY_OCTOBER = tuple((10, day) for day in range(1, 9))
_LUNATION, _NEW_MOON = 29.530588853, 10_962.76  # days, and the first new moon of 2000 in days since 1970
# A feast that the market trades on more often than this is none of its own.
_MOST_TRADED = 0.3


def everywhere(days: IntArray) -> BoolArray:
    """Say on which days, counted from 1970, even a market that never sleeps rests: Christmas, New Year, Easter."""
    return _on(days, _YEAR_END) | np.isin(days - _easter(days), (-2, 1))


def of_exchange(days: IntArray, traded: IntArray) -> BoolArray:
    """Say on which days an exchange rests for a feast of several days, by what it traded on.

    Parameters
    ----------
    days
        Days in question, counted from 1970, of any shape.
    traded
        Days on which the exchange traded, rising.
    """
    rests = everywhere(days) | _on(days, _YEAR_END_OF_EXCHANGES) | np.isin(days - _easter(days), (-3,))
    for first, last in _CLOSED:
        rests |= (days >= _day(first)) & (days <= _day(last))
    span: IntArray = np.arange(traded[0], traded[-1] + 1)
    weekdays = span[np.isin(span % 7, np.unique(traded % 7))]
    for feast in (_in_may, _in_october, _lunar_new_year, _harvest_moon, _end_of_fast, _sacrifice):
        inside = weekdays[feast(weekdays)]
        kept = len(inside) == 0 or np.isin(inside, traded).mean() <= _MOST_TRADED
        rests |= feast(days) & kept
    return np.asarray(rests)


def _in_may(days: IntArray) -> BoolArray:
    return _on(days, _EARLY_MAY)


def _in_october(days: IntArray) -> BoolArray:
    return _on(days, _EARLY_OCTOBER)


def _lunar_new_year(days: IntArray) -> BoolArray:
    """Say what lies from two days before the new moon between 21 January and 20 February to a week after it."""
    age = (days + 2 - _NEW_MOON) % _LUNATION
    moon = _month_and_day(days + 2 - np.floor(age).astype(np.int64))
    return (age <= 10) & (moon >= 120) & (moon <= 221)  # noqa: PLR2004 - as the words say


def _harvest_moon(days: IntArray) -> BoolArray:
    """Say what lies within two days of the full moon between 8 September and 8 October."""
    age = (days + 3 - _NEW_MOON - _LUNATION / 2) % _LUNATION
    moon = _month_and_day(days + 3 - np.floor(age).astype(np.int64))
    return (age <= 6) & (moon >= 908) & (moon <= 1008)  # noqa: PLR2004 - as the words say


def _end_of_fast(days: IntArray) -> BoolArray:
    month, day = _islamic(days)
    return ((month == 9) & (day >= 28)) | ((month == 10) & (day <= 7))  # noqa: PLR2004 - 1 Shawwal and around


def _sacrifice(days: IntArray) -> BoolArray:
    month, day = _islamic(days)
    return (month == 12) & (day >= 7) & (day <= 16)  # noqa: PLR2004 - 10 Dhu al-Hijja and around


def _islamic(days: IntArray) -> tuple[IntArray, IntArray]:
    """Return month and day of the tabular Islamic calendar (30 years of 10,631 days)."""
    since = (days + 492_148) % 10_631  # 1 Muharram 1 was 16 July 622 of the Julian calendar
    year = (30 * since + 15) // 10_631
    within = since - (year * 10_631 + 14) // 30
    month = np.minimum(within * 2 // 59, 11)
    return month + 1, within - (month * 59 + 1) // 2 + 1


def _easter(days: IntArray) -> IntArray:
    """Return Easter Sunday of each day's year, in days since 1970 (the anonymous Gregorian rule)."""
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    century, golden = years // 100, years % 19
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (years + years // 4 + moon + 2 - century + century // 4) % 7
    march = ((years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 2).astype("datetime64[D]")
    return np.asarray(march.astype(np.int64) + 27 + moon - weekday)


def _on(days: IntArray, dates: tuple[tuple[int, int], ...]) -> BoolArray:
    return np.isin(_month_and_day(days), [month * 100 + day for month, day in dates])


def _month_and_day(days: IntArray) -> IntArray:
    """Return 1224 for a 24 December."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    return np.asarray((month.astype(np.int64) % 12 + 1) * 100 + (date - month).astype(np.int64) + 1)


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))
