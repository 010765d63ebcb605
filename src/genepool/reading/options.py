"""From the flags that say how a file is read to the options of an import."""

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from genepool.adapters.files.headers import FUNDING_ROLES, ROLES, checked_choice
from genepool.adapters.files.importing import FundingOptions, ImportOptions
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import ConfigError
from genepool.market.candle_rules import CandleRules
from genepool.market.default_costs import default_costs_named
from genepool.market.gaps import Calendar
from genepool.market.twins import KEPT
from genepool.reading.flags import CheckFlags, FileFlags

Options = TypeVar("Options", ReadingOptions, CandleRules)

_MARKS = {"comma": ",", "point": ".", "apostrophe": "'", "space": " "}
_OF_FUNDING_FILE = (
    "funding_where",
    "funding_column",
    "funding_timezone",
    "max_funding_gap",
    "trim_to_funding",
)
_DELIMITERS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "bar": "|"}


def file_options(flags: FileFlags, source: str = "", licence: str = "") -> ImportOptions:
    """Return everything that was said about a file.

    Raises
    ------
    ConfigError
        When a flag is not understood.
    """
    reading = reading_options(flags)
    asked = rules(flags, flags.timeframe)
    market = default_costs_named(flags.market).name if flags.market else ""
    rates = funding_options(flags, reading)
    return ImportOptions(flags.symbol.strip(), reading, asked, rates, source, licence, market)


def reading_options(flags: FileFlags) -> ReadingOptions:
    """Return how to read a file of candles.

    Raises
    ------
    ConfigError
        When a flag is not understood.
    """
    if not 0 < flags.price_scale < math.inf:
        raise ConfigError(f"--price-scale is {flags.price_scale}: give a positive number")
    _check_choice("--stamps", flags.stamps, ("open", "close"))
    _check_zone("--timezone", flags.timezone)
    _check_zone("--funding-timezone", flags.funding_timezone)
    decimal = _mark("--decimal", flags.decimal, ("comma", "point"))
    thousands = _mark("--thousands", flags.thousands, tuple(_MARKS))
    if decimal and decimal == thousands:
        raise ConfigError(f"--decimal and --thousands are both {flags.decimal}: give two signs, or one flag")
    return _handed_on(
        ReadingOptions,
        flags,
        columns=checked_choice(flags.column, "--column", ROLES),
        where=checked_choice(flags.where, "--where"),
        delimiter=_delimiter(flags.delimiter),
        header=tuple(name.strip() for name in flags.columns.split(",")) if flags.columns.strip() else (),
        decimal=decimal,
        thousands=thousands,
    )


def rules(flags: CheckFlags, timeframe: str = "") -> CandleRules:
    """Return what is asked of the candles.

    Raises
    ------
    ConfigError
        When there is no such calendar.
    """
    scale = getattr(flags, "funding_scale", None)
    if scale is not None and not 0 < scale < math.inf:
        raise ConfigError(f"--funding-scale is {scale}: give a positive number")
    if flags.calendar not in {"auto", *Calendar}:
        raise ConfigError(f"--calendar is {flags.calendar!r}: choose auto, {' or '.join(Calendar)}")
    _check_choice("--twins", flags.twins, KEPT)
    return _handed_on(
        CandleRules,
        flags,
        timeframe=timeframe.strip() or None,
        calendar=None if flags.calendar == "auto" else Calendar(flags.calendar),
    )


def funding_options(flags: FileFlags, reading: ReadingOptions) -> FundingOptions | None:
    """Return which funding to join; rows are chosen as in the candles' file unless the flags differ.

    Raises
    ------
    ConfigError
        When a flag is not understood, or there are flags for funding and no file.
    """
    if flags.funding is None:
        if any(getattr(flags, name) for name in _OF_FUNDING_FILE):
            raise ConfigError("flags for funding were given without a file: add --funding FILE")
        return None
    chosen = ReadingOptions(
        columns=checked_choice(flags.funding_column, "--funding-column", FUNDING_ROLES),
        where=checked_choice(flags.funding_where, "--funding-where"),
        where_possible=reading.where,
        timezone=flags.funding_timezone,
        timezone_possible=flags.timezone,
    )
    return FundingOptions(
        flags.funding, chosen, flags.max_funding_gap, flags.trim_to_funding, flags.funding_scale
    )


def _handed_on(kind: type[Options], flags: CheckFlags, **translated: Any) -> Options:  # noqa: ANN401 - of any type
    """Return options: what was translated, and the flags that are named like a field."""
    named = {field.name: getattr(flags, field.name) for field in fields(kind) if hasattr(flags, field.name)}
    return kind(**{**named, **translated})


def _mark(flag: str, text: str, names: Sequence[str]) -> str:
    signs = {sign: sign for name, sign in _MARKS.items() if name in names}
    mark = {**_MARKS, **signs}.get(text.lower(), "")
    if text and mark not in signs:
        raise ConfigError(f"{flag} is {text!r}: give {', '.join(names[:-1])} or {names[-1]}")
    return mark


def _delimiter(text: str) -> str:
    mark = _DELIMITERS.get(text.lower(), text)
    if len(mark) > 1:
        raise ConfigError(f"--delimiter is {text!r}: give one sign, or tab, space, comma, semicolon or bar")
    return mark


def _check_choice(flag: str, text: str, choices: tuple[str, ...]) -> None:
    if text and text not in choices:
        raise ConfigError(f"{flag} is {text!r}: choose {' or '.join(choices)}")


def _check_zone(flag: str, name: str) -> None:
    try:
        if name:
            ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ConfigError(
            f"{flag} is {name!r}, which is no zone: give one such as Europe/Berlin or UTC"
        ) from error
