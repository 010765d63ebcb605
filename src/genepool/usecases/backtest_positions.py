"""From ``--start`` and ``--stop`` to candles: numbers and dates, read where they are certain."""

import re

from genepool.errors import ConfigError
from genepool.market.candles import Candles
from genepool.market.moments import nanoseconds, timestamp

_YEAR = re.compile(r"[12][0-9]{3}")
# Numbers that people write for a year when they speak of markets.
_YEARS = (1900, 2100)
_CALENDAR_DATE = re.compile(r"[12][0-9]{7}")


def chosen_span(candles: Candles, start: str, stop: str) -> tuple[tuple[int, int], tuple[str, ...]]:
    """Return the half-open range of candles that two flags ask for, and what is to be said of it.

    Raises
    ------
    ConfigError
        When one is not understood or has two meanings, or no candle lies between them.
    """
    first, before = _position(candles, "--start", start) if start else (0, "")
    last, after = _position(candles, "--stop", stop) if stop else (len(candles), "")
    if first >= len(candles):
        raise ConfigError(f"--start {start} lies after the last candle: {_range(candles)}")
    if last == 0:
        raise ConfigError(f"--stop {stop} leaves nothing to trade: {_range(candles)}")
    if last > len(candles):
        raise ConfigError(f"--stop {stop} lies after the last candle: {_range(candles)}")
    if last <= first:
        raise ConfigError(
            f"--stop {stop} does not lie after --start {start or 0}: no candle is left between them"
        )
    return (first, last), tuple(filter(None, (before, after)))


def _position(candles: Candles, flag: str, text: str) -> tuple[int, str]:
    """Return a candle's number, and one sentence when the flag's date or year lies outside the candles."""
    text = text.strip()
    if text.isdecimal():
        number = int(text)
        if _YEAR.fullmatch(text) and _reads_as_year(candles, number):
            raise ConfigError(_two_meanings(candles, flag, number))
        if number <= len(candles) or not _CALENDAR_DATE.fullmatch(text):
            return number, _looks_like_year(candles, flag, number)
    moment = _moment(flag, text)
    return _first_from(candles, moment), _outside(candles, flag, text, moment)


def _first_from(candles: Candles, moment: int) -> int:
    """Return the first candle that opens at or after a moment, which may lie beyond 64 bits."""
    stamps = candles.stamps
    if moment > int(stamps[-1]):
        return len(candles)
    return int(stamps.searchsorted(max(moment, int(stamps[0]))))


def _moment(flag: str, text: str) -> int:
    """Return a UTC date as nanoseconds since 1970."""
    try:
        return nanoseconds(f"{text}-01" if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else text)
    except ValueError as error:
        raise ConfigError(
            f"{flag} {text} is not understood: give a candle's number or a date such as 2019-01-31"
        ) from error


def _reads_as_year(candles: Candles, number: int) -> bool:
    first, last = (int(timestamp(int(stamp))[:4]) for stamp in (candles.stamps[0], candles.stamps[-1]))
    return first <= number <= last


def _looks_like_year(candles: Candles, flag: str, number: int) -> str:
    """Say as what a number was taken that could be a year, though none of the candles'."""
    if not (_YEARS[0] <= number <= _YEARS[1] and number < len(candles)):
        return ""
    opens = timestamp(int(candles.stamps[number]))
    return f"{flag} {number} is candle {number:,}, which opens at {opens}; no candle is of a year {number}"


def _two_meanings(candles: Candles, flag: str, number: int) -> str:
    year = f"{number}-01-01"
    ways, opens = [f"{flag} {year} for the year"], "there is none"
    if number < len(candles):
        opens = f"which opens at {timestamp(int(candles.stamps[number]))}"
        ways.append(f"{flag} {timestamp(int(candles.stamps[number]))} for that candle")
    if flag == "--stop" and _first_from(candles, _moment(flag, year)) == 0:
        # Before the first candle there is nothing to stop at.
        ways = ways[1:] or ["another date"]
    return f"{flag} {number} may be the year or candle {number:,} ({opens}): write {', or '.join(ways)}"


def _outside(candles: Candles, flag: str, text: str, moment: int) -> str:
    first, last = int(candles.stamps[0]), int(candles.stamps[-1])
    if flag == "--start" and moment < first:
        return f"{flag} {text} lies before the first candle, {timestamp(first)}: trading starts there"
    if flag == "--stop" and moment > last + _spacing(candles):
        return f"{flag} {text} lies after the last candle, {timestamp(last)}: trading stops after it"
    return ""


def _spacing(candles: Candles) -> int:
    return int((candles.stamps[1:] - candles.stamps[:-1]).min()) if len(candles) > 1 else 0


def _range(candles: Candles) -> str:
    ends = timestamp(int(candles.stamps[0])), timestamp(int(candles.stamps[-1]))
    return f"there are candles 0 to {len(candles) - 1:,}, {ends[0]} to {ends[1]}"
