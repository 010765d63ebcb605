"""From the flags of ``genepool data`` to the options of an import."""

import math
from collections.abc import Sequence
from pathlib import Path

from genepool.adapters.files.headers import FUNDING_ROLES, ROLES, checked_choice
from genepool.adapters.files.importing import FundingOptions, ImportOptions
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import ConfigError
from genepool.market.gaps import Calendar
from genepool.market.rules import Rules

_DELIMITERS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "bar": "|"}


def reading_options(
    columns: Sequence[str],
    where: Sequence[str],
    delimiter: str,
    time_format: str,
    price_scale: float,
    header: str = "",
) -> ReadingOptions:
    """Return how to read a file of candles.

    Raises
    ------
    ConfigError
        When a flag is not understood.
    """
    if not 0 < price_scale < math.inf:
        raise ConfigError(f"--price-scale is {price_scale}: give a positive number")
    mark = _DELIMITERS.get(delimiter.lower(), delimiter)
    if len(mark) > 1:
        raise ConfigError(
            f"--delimiter is {delimiter!r}: give one sign, or tab, space, comma, semicolon or bar"
        )
    return ReadingOptions(
        columns=checked_choice(columns, "--column", ROLES),
        where=checked_choice(where, "--where"),
        delimiter=mark,
        time_format=time_format,
        price_scale=price_scale,
        header=tuple(name.strip() for name in header.split(",")) if header.strip() else (),
    )


def rules(
    timeframe: str, calendar: str, max_gap: int, allow_zero_volume: bool, repair: bool, fill: int
) -> Rules:
    """Return what is asked of the candles.

    Raises
    ------
    ConfigError
        When there is no such calendar.
    """
    if calendar not in {"auto", *Calendar}:
        raise ConfigError(f"--calendar is {calendar!r}: choose auto, {' or '.join(Calendar)}")
    return Rules(
        timeframe=timeframe.strip().lower() or None,
        calendar=None if calendar == "auto" else Calendar(calendar),
        max_gap=max_gap,
        allow_zero_volume=allow_zero_volume,
        repair=repair,
        fill=fill,
    )


def funding_options(
    path: Path | None,
    reading: ReadingOptions,
    where: Sequence[str],
    columns: Sequence[str],
    max_gap: int,
    trim: bool,
) -> FundingOptions | None:
    """Return which funding to join; rows are chosen as in the candles' file unless ``where`` differs.

    Raises
    ------
    ConfigError
        When a flag is not understood, or there are flags for funding and no file.
    """
    if path is None:
        if where or columns or max_gap or trim:
            raise ConfigError("flags for funding were given without a file: add --funding FILE")
        return None
    chosen = ReadingOptions(
        columns=checked_choice(columns, "--funding-column", FUNDING_ROLES),
        where=checked_choice(where, "--funding-where"),
        where_possible=reading.where,
    )
    return FundingOptions(path, chosen, max_gap, trim)


def import_options(
    symbol: str,
    reading: ReadingOptions,
    asked: Rules,
    funding: FundingOptions | None,
    source: str = "",
    licence: str = "",
) -> ImportOptions:
    """Return everything that was said about an import."""
    return ImportOptions(symbol.strip(), reading, asked, funding, source, licence)
