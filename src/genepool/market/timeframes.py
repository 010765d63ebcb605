"""Timeframes, such as ``4h`` and ``1M``, in nanoseconds, and UTC nanosecond stamps as text.

A month has no one length. Its candles have calendar steps (``periods``), and ``MONTH`` stands for them
where a number is needed: the twelfth part of 365 days.
"""

import re
from datetime import datetime, timedelta
from typing import SupportsInt

from genepool.errors import ConfigError

SECOND = 1_000_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 365 * DAY
MONTH = YEAR // 12
_UNITS = {"s": SECOND, "m": 60 * SECOND, "h": HOUR, "d": DAY, "w": WEEK, "M": MONTH}
# Capitals do not matter, but for one: 1M is a month, and 1m a minute.
_NAME = re.compile(r"^([1-9]\d{0,4})(mo|[smhdw])$", re.IGNORECASE)
# Two file names that differ in capitals alone are one on some systems: months are kept as 1mo.
_MONTH_FILE_UNIT = "mo"


def timeframe_nanoseconds(name: str) -> int:
    """Return how long a candle of this timeframe lasts, in nanoseconds.

    Raises
    ------
    ConfigError
        When the name is not a count and one of s, m, h, d, w, M.
    """
    match = _NAME.match(name.strip())
    if match is None:
        raise ConfigError(
            f"timeframe {name!r} is not understood: give a count and s, m, h, d, w or M (month), as in 1h"
        )
    month = match[2] == "M" or match[2].lower() == _MONTH_FILE_UNIT
    return int(match[1]) * (MONTH if month else _UNITS[match[2].lower()])


def is_months(step: int) -> bool:
    """Say whether a duration stands for calendar months."""
    return step >= MONTH and step % MONTH == 0


def shortest_step(step: int) -> int:
    """Return the shortest time from one candle's open to the next: a February for months."""
    return step // MONTH * 28 * DAY if is_months(step) else step


def longest_step(step: int) -> int:
    """Return the longest time from one candle's open to the next, holes left out."""
    return step // MONTH * 31 * DAY if is_months(step) else step


def plain_timeframe(name: str) -> str:
    """Return the one plain name of a timeframe: ``1h`` for ``60m`` and ``1H``, ``1M`` for ``1mo``."""
    return timeframe_name(timeframe_nanoseconds(name))


def file_timeframe(name: str) -> str:
    """Return how a timeframe stands in a file's name, which must not depend on capitals: ``1mo``."""
    return f"{name[:-1]}{_MONTH_FILE_UNIT}" if name.endswith("M") else name


def timeframe_name(nanoseconds: int) -> str:
    """Return the shortest name of a duration: whole months, weeks, days, hours, minutes or seconds.

    Raises
    ------
    ConfigError
        When the duration is not a positive number of whole seconds.
    """
    for unit, length in reversed(_UNITS.items()):
        if nanoseconds > 0 and nanoseconds % length == 0:
            return f"{nanoseconds // length}{unit}"
    raise ConfigError(
        f"a spacing of {nanoseconds / SECOND:.9g} seconds is no timeframe: candles last whole seconds"
    )


def utc(stamp: SupportsInt) -> str:
    """Return a stamp as ``2019-10-17 09:00 UTC``, with seconds only where there are any."""
    text = str(datetime(1970, 1, 1) + timedelta(seconds=int(stamp) // SECOND))  # noqa: DTZ001 - said below
    return f"{text.removesuffix(':00')} UTC"
