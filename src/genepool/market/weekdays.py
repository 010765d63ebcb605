"""On which days of the week a market trades, learned from the days on which its candles open."""

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.timeframes import DAY

_MONDAY, _FRIDAY, _SATURDAY = 0, 4, 5
_FEWEST_OPEN = 4
# Some exchanges trade on a Saturday now and then, or did until 1952; their week has five days all the same.
_SELDOM = 0.45
# Weeks that must show a rest on Thursday and Friday before it is believed.
_WEEKS_OF_PROOF = 3


def weekday(days: IntArray) -> IntArray:
    """Return 0 for Monday to 6 for Sunday of days since 1970; day 0 was a Thursday."""
    return (days + 3) % 7


def traded_days(stamps: IntArray) -> IntArray:
    """Return the days, counted from 1970, on which candles open, rising."""
    days = stamps // DAY
    return np.asarray(days[np.append(True, np.diff(days) != 0)])


def open_weekdays(days: IntArray) -> BoolArray:
    """Return for Monday to Sunday whether the market trades on most of them, shape (7,).

    Parameters
    ----------
    days
        Days on which candles open, rising.
    """
    traded = np.bincount(weekday(days), minlength=7)
    return np.asarray(traded > _SELDOM * np.maximum(possible_weekdays(days), 1))


def possible_weekdays(days: IntArray) -> IntArray:
    """Return how many Mondays to Sundays lie between the first day and the last, shape (7,)."""
    weeks, rest = divmod(int(days[-1] - days[0]) + 1, 7)
    first = int(weekday(days[:1])[0])
    return np.asarray(weeks + ((np.arange(7) - first) % 7 < rest), dtype=np.int64)


def rests_weekly(days: IntArray) -> bool:
    """Say whether these days are those of a market that rests at weekends, on any days of the week."""
    trades, possible = open_weekdays(days), possible_weekdays(days)
    if trades.sum() < _FEWEST_OPEN:
        return False
    if not trades[_SATURDAY]:
        seen = possible[_SATURDAY] > 0 and bool(trades[[0, 1, 2, 3]].all())
        return seen or bool(trades[_MONDAY] and trades[_FRIDAY])
    return not trades[_FRIDAY] and bool(possible[_FRIDAY] >= _WEEKS_OF_PROOF)
