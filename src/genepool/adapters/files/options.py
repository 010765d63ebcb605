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
    decimal, thousands
        The sign before decimals and the one between thousands; empty to find it out.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    where_possible: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    time_format: str = ""
    price_scale: float = 1.0
    decimal: str = ""
    thousands: str = ""


@dataclass(frozen=True)
class Understood:
    """What was seen in a file: its layout, header by role, and the market its rows name, if they do."""

    layout: str
    columns: Mapping[str, str]
    market: Mapping[str, str]
