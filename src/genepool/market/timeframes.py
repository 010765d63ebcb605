"""Timeframes, such as ``4h``, in nanoseconds, and UTC nanosecond stamps as text."""

import re

import numpy as np

from genepool.errors import ConfigError

SECOND = 1_000_000_000
_UNITS = {"s": SECOND, "m": 60 * SECOND, "h": 3_600 * SECOND, "d": 86_400 * SECOND, "w": 604_800 * SECOND}
_NAME = re.compile(r"^([1-9]\d{0,4})([smhdw])$")


def timeframe_nanoseconds(name: str) -> int:
    """Return how long a candle of this timeframe lasts, in nanoseconds.

    Raises
    ------
    ConfigError
        When the name is not a count and one of s, m, h, d, w.
    """
    match = _NAME.match(name.strip().lower())
    if match is None:
        raise ConfigError(f"timeframe {name!r} is not understood: give a count and s, m, h, d or w, as in 1h")
    return int(match[1]) * _UNITS[match[2]]


def timeframe_name(nanoseconds: int) -> str:
    """Return the shortest name of a duration: whole weeks, days, hours, minutes or seconds.

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


def utc(stamp: int | np.int64) -> str:
    """Return a stamp as ``2019-10-17 09:00 UTC``, with seconds only where there are any."""
    text = str(np.datetime64(int(stamp), "ns").astype("datetime64[s]")).replace("T", " ")
    return f"{text.removesuffix(':00')} UTC"
