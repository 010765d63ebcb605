"""The clocks at which bots are compared: hours, days, weeks and months of UTC."""

from typing import Literal, TypeAlias

import numpy as np

from genepool.market.candles import IntArray
from genepool.market.timeframes import DAY, HOUR, WEEK, YEAR

ClockName: TypeAlias = Literal["hour", "day", "week", "month"]
# The finest first.
CLOCKS: tuple[ClockName, ...] = ("hour", "day", "week", "month")
# Shortest length of a period, in nanoseconds.
SHORTEST: dict[ClockName, int] = {"hour": HOUR, "day": DAY, "week": WEEK, "month": 28 * DAY}
PERIODS_A_YEAR: dict[ClockName, float] = {
    "hour": YEAR / HOUR,
    "day": YEAR / DAY,
    "week": YEAR / WEEK,
    "month": 12.0,
}
# Weeks begin on Mondays, and 1970 began on a Thursday.
_FIRST_MONDAY = 4 * DAY


def edges(clock: ClockName, first: int, last: int) -> IntArray:
    """Return where periods begin and end between two stamps: the edges of whole periods alone.

    Parameters
    ----------
    clock
        Which periods.
    first, last
        UTC nanoseconds.

    Returns
    -------
    IntArray
        Of shape (periods + 1,), or fewer than two where no whole period lies between.
    """
    if clock == "month":
        return _months(first, last)
    length = SHORTEST[clock]
    offset = _FIRST_MONDAY if clock == "week" else 0
    begin = -((offset - first) // length)
    end = (last - offset) // length
    return np.arange(begin, end + 1, dtype=np.int64) * length + offset


def _months(first: int, last: int) -> IntArray:
    ends = np.array([first, last]).astype("datetime64[ns]").astype("datetime64[M]").astype(np.int64)
    months = np.arange(int(ends[0]), int(ends[1]) + 1).astype("datetime64[M]")
    stamps = months.astype("datetime64[ns]").astype(np.int64)
    return stamps[stamps >= first]
