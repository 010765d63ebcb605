"""How candles are read, as keywords: the flags of the command line, which are declared there once."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

from genepool.errors import ConfigError
from genepool.reading.flags import FileFlags

Pairs: TypeAlias = Mapping[str, str] | Sequence[str]


class FrameFlags(TypedDict, total=False):
    """How candles are read and checked: flags of ``genepool evolve``, dashes as underscores.

    ``docs/data.md`` tells what each means. Those that a command line repeats take a mapping, such as
    ``column={"time": "Opened at"}``.
    """

    column: Pairs
    where: Pairs
    delimiter: str
    time_format: str
    price_scale: float
    funding: str | Path | None
    funding_where: Pairs
    funding_column: Pairs
    max_funding_gap: int
    trim_to_funding: bool
    timezone: str
    stamps: str
    columns: str
    thousands: str
    decimal: str
    splits: bool
    funding_scale: float | None
    funding_timezone: str
    market: str
    calendar: str
    max_gap: int
    allow_zero_volume: bool
    repair: bool
    fill: int
    twins: str
    drop_flat: bool


class ReadingFlags(FrameFlags, total=False):
    """All flags that say how candles are read."""

    symbol: str
    timeframe: str


def flags_of_reading(reading: FrameFlags) -> FileFlags:
    """Return keywords as the flags that a command line would give.

    Raises
    ------
    ConfigError
        When there is no such flag.
    """
    known = {field.name for field in fields(FileFlags)}
    if unknown := sorted(set(reading) - known):
        raise ConfigError(f"there is no reading flag {unknown[0]!r}: choose from {', '.join(sorted(known))}")
    return FileFlags(**{name: _as_flag(name, value) for name, value in reading.items()})


def _as_flag(name: str, value: Any) -> Any:  # noqa: ANN401 - as each flag
    if isinstance(value, Mapping):
        return [f"{key}={one}" for key, one in value.items()]
    if name == "funding" and value is not None:
        return Path(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def said_fields(reading: FrameFlags) -> dict[str, Any]:
    """Return keywords as fields of the form that brings a file: what is said, and no more.

    Raises
    ------
    ConfigError
        When there is no such flag.
    """
    flags, usual = flags_of_reading(reading), FileFlags()
    said = {field.name: getattr(flags, field.name) for field in fields(flags)}
    return {name: _as_text(value) for name, value in said.items() if value != getattr(usual, name)}


def _as_text(value: Any) -> Any:  # noqa: ANN401 - as each flag
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, list) else str(value)
