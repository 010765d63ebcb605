"""Times that a user types: 90s, 30m, 12h, 7d."""

import re

from genepool.errors import ConfigError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*", re.ASCII)


def seconds_of(text: str, flag: str) -> float:
    """Return the seconds of a time.

    Raises
    ------
    ConfigError
        When it is none; the message names the flag.

    Examples
    --------
    >>> seconds_of("90m", "--every"), seconds_of("7d", "--every")
    (5400.0, 604800.0)
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ConfigError(f"{flag} is {text!r}: give a number and a unit, such as 90s, 30m, 12h, 7d or 2w")
    return float(found[1]) * _UNITS[found[2]]


def seconds_at_least(least: float, text: str, flag: str) -> float:
    """Return the seconds of a time that is not too short.

    Raises
    ------
    ConfigError
        When it is, or is none; the message names the flag.
    """
    seconds = seconds_of(text, flag)
    if seconds < least:
        raise ConfigError(f"{flag} is {text}: give at least {least:g} s")
    return seconds
