"""When a market trades, read from its candles: at weekends, at night, on the holidays of exchanges."""

import numpy as np

from genepool.market.candles import IntArray
from genepool.market.timeframes import DAY, timeframe_nanoseconds

_HOUR, _WEEK = DAY // 24, 7
# Shares with trading before and after hours have 16, futures 23; clocks change by one.
_LONGEST_SESSION = 17 * _HOUR
# Exchanges rest on about ten weekdays of 261, currencies on two, those of the turn of the year.
_FEWEST_DAYS, _HOLIDAYS_SHARE = 200, 0.01
_FEWEST_SESSIONS = 3


def rests_at_weekends(stamps: IntArray, timeframe: str) -> bool:
    """Say whether a market is closed on some day of the week, whose zone does not matter.

    Parameters
    ----------
    stamps
        Rising, in nanoseconds; less than two weeks tell nothing.
    timeframe
        Longer candles than daily ones tell nothing.
    """
    days = np.unique(stamps // DAY)
    enough = timeframe_nanoseconds(timeframe) <= DAY and int(days[-1] - days[0]) >= 2 * _WEEK
    return bool(enough and len(np.unique(days % _WEEK)) < _WEEK)


def keeps_exchange_hours(stamps: IntArray, timeframe: str, *, likely: bool = False) -> bool:
    """Say whether a market is closed at night, or on weekdays other than those of Christmas and New Year.

    Parameters
    ----------
    stamps
        Rising, in nanoseconds.
    timeframe
        Hours tell of candles of up to four hours, days of daily ones; longer ones tell nothing.
    likely
        Whether the name speaks for it, so that one holiday will do.
    """
    step, days = timeframe_nanoseconds(timeframe), np.unique(stamps // DAY)
    if step <= 4 * _HOUR:
        hours = len(np.unique(stamps % DAY // step)) * step
        return bool(hours <= _LONGEST_SESSION and len(days) >= _FEWEST_SESSIONS)
    return step == DAY and rests_at_weekends(stamps, timeframe) and _rests_on_holidays(days, likely)


def _rests_on_holidays(days: IntArray, likely: bool) -> bool:
    kept = np.unique(days % _WEEK)
    every = np.arange(days[0], days[-1] + 1)
    absent = np.setdiff1d(every[np.isin(every % _WEEK, kept)], days).astype("datetime64[D]")
    year = absent.astype("datetime64[Y]").astype("datetime64[D]")
    turn = (absent - year).astype(np.int64)
    holidays = int(np.count_nonzero((turn > 2) & (turn < 356)))  # noqa: PLR2004 - 3 January to 22 December
    return holidays > 0 and (
        likely or (len(days) >= _FEWEST_DAYS and holidays / len(days) >= _HOLIDAYS_SHARE)
    )
