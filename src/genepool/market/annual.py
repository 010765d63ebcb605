"""How many candles a market has a year, by its calendar: the one number that annualises every ratio.

It must not depend on how much of a history is at hand, where a file ends or which holes it has. So a
market with sessions has its usual day 252 times, a market with weekends its usual week 365/7 times; only
what trades always is counted as it comes.
"""

import numpy as np

from genepool.market.arrays import IntArray
from genepool.market.gaps import Calendar, chosen_calendar, holidays
from genepool.market.sessions import Sessions, learned
from genepool.market.timeframes import DAY, HOUR, WEEK, YEAR
from genepool.market.weekdays import open_weekdays, traded_days

NANOSECONDS_PER_YEAR = YEAR
SESSIONS_A_YEAR = 252
_WORKING_WEEK = 5
_SUNDAY = 6
# Over a quarter every exchange rests at least once; a market that never does is none.
_QUARTER = 13 * WEEK
# A year has this many weekdays of rest at most that are glitches of a source and no holidays.
_FEWEST_HOLIDAYS = 1.5


def candles_a_year(stamps: IntArray, step: int) -> float:
    """Return how many candles a market has in 365 days.

    Parameters
    ----------
    stamps
        At least two, rising, in nanoseconds.
    step
        The timeframe in nanoseconds.
    """
    if step >= WEEK:
        return YEAR / step
    if (sessions := learned(stamps, step)) is not None:
        return float(sessions.usual_count * _sessions_a_year(sessions))
    if chosen_calendar(stamps, step) is Calendar.CONTINUOUS:
        return counted_candles_a_year(stamps)
    if step == DAY and _observes_holidays(stamps):
        return float(SESSIONS_A_YEAR)
    return usual_week(stamps, step) * YEAR / WEEK


def counted_candles_a_year(stamps: IntArray) -> float:
    """Return the rate at which candles came between the first and the last, under any calendar."""
    return (len(stamps) - 1) * YEAR / int(stamps[-1] - stamps[0])


def candles_a_year_over(stamps: IntArray, step: int, start: int, stop: int) -> float:
    """Return the candles a year for what is traded from candle start to stop of a longer history.

    A market that trades always is counted over the traded span alone, so that holes elsewhere in the
    file make no difference; the calendar of any other market is that of the whole history.
    """
    whole = candles_a_year(stamps, step)
    if stop - start < 2 or whole != counted_candles_a_year(stamps):  # noqa: PLR2004 - two make a spacing
        return whole
    return counted_candles_a_year(stamps[start:stop])


def usual_week(stamps: IntArray, step: int) -> int:
    """Return how many candles a week has: what at least half of the whole weeks reach."""
    whole = int(stamps[-1] + step - stamps[0]) // WEEK
    if not whole:
        rest = int(stamps[-1] - stamps[0]) // step + 1 - len(stamps)
        return WEEK // step - rest if rest else _WORKING_WEEK * DAY // step
    edges = stamps[0] + WEEK * np.arange(whole + 1)
    counts = np.sort(np.diff(np.searchsorted(stamps, edges)))
    return int(counts[len(counts) // 2])


def _sessions_a_year(sessions: Sessions) -> float:
    days = int(open_weekdays(sessions.days).sum())
    return SESSIONS_A_YEAR if days <= _WORKING_WEEK else days * YEAR / WEEK


def _observes_holidays(stamps: IntArray) -> bool:
    """Say whether daily candles are an exchange's, which rests on holidays; foreign exchange does not."""
    years = int(stamps[-1] - stamps[0]) / YEAR
    if stamps[-1] - stamps[0] >= _QUARTER:
        return holidays(stamps) >= max(_FEWEST_HOLIDAYS * years, 1)
    # In less than a quarter there may be no holiday. A day that begins on Sunday at 17:00 in New York is
    # one of foreign exchange.
    days, opens = traded_days(stamps), stamps % DAY
    evening = bool(((opens >= 21 * HOUR) & (opens <= 22 * HOUR)).all())
    return not (evening and open_weekdays(days)[_SUNDAY])
