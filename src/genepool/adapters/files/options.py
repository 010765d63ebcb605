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
    timezone
        Of the wall clock that the stamps show, such as ``Europe/Berlin``; empty to find it out.
    timezone_possible
        Of a file of funding: the zone of the candles beside it, whose clock its stamps may show too.
    stamps
        ``open`` or ``close``: what the stamps are; empty to take them as opening times, unless they look
        like closing times.
    header
        Names of the columns of a file that has no header; a dash for one that is not read.
    decimal, thousands
        The sign before decimals and the one between thousands; empty to find it out.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    where_possible: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    time_format: str = ""
    price_scale: float = 1.0
    timezone: str = ""
    timezone_possible: str = ""
    stamps: str = ""
    header: tuple[str, ...] = ()
    decimal: str = ""
    thousands: str = ""


@dataclass(frozen=True)
class Understood:
    """What was seen in a file.

    Parameters
    ----------
    layout
        How it is laid out.
    columns
        Header by role.
    market
        Value by header, where the rows name one market.
    zone
        Of the market's clock, such as ``America/New_York``; empty where the file does not tell.
    notes
        One plain sentence for each thing about the stamps that was odd or decided.
    unused
        Headers that were not read and look like volume, funding or splits.
    shows_clock
        Whether the stamps name no zone, and so show some wall clock.
    """

    layout: str
    columns: Mapping[str, str]
    market: Mapping[str, str]
    zone: str = ""
    notes: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    shows_clock: bool = False
