"""How to read a file, and what was seen in it: apart from the reader, whose pandas takes its time to load."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReadingOptions:
    """What the user says about a file beyond what can be seen in it.

    Parameters
    ----------
    columns
        Header by role (time, open, high, low, close, volume, funding) where the usual names do not fit.
    where
        Value by header: only these rows are read.
    where_possible
        The same, but a header that the file lacks is passed over.
    delimiter
        What parts cells; empty to find it out.
    time_format
        A strptime format; empty to find it out.
    price_scale
        Prices are divided by it.
    header
        Names of the columns of a file that has no header; a dash for one that is not read.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    where_possible: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    time_format: str = ""
    price_scale: float = 1.0
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What was seen in a file: its layout, header by role, the market it names, if it does, and what else.

    Parameters
    ----------
    layout
        One phrase.
    columns
        Header by role.
    market
        Value by header.
    unused
        Headers that were not read and look like volume, funding or splits.
    """

    layout: str
    columns: Mapping[str, str]
    market: Mapping[str, str]
    unused: tuple[str, ...] = ()
