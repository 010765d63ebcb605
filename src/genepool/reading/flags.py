"""The flags that say how a file of candles is to be read: every command that takes a file has them all."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from genepool.market.kinds import MarketKind

_READING, _CHECKING, _FUNDING = "How to read the file", "What to ask of the candles", "Funding"

Symbol = Annotated[str, typer.Option(help="Name of the market, if rows and file name do not tell.")]
Timeframe = Annotated[
    str, typer.Option(help="Such as 1h, or 1M for months; otherwise read from the commonest spacing.")
]
Columns = Annotated[
    list[str],
    typer.Option(
        "--column",
        metavar="ROLE=HEADER",
        help="Header of time, open, high, low, close, volume or funding. May be repeated.",
        rich_help_panel=_READING,
    ),
]
HeaderRow = Annotated[
    str,
    typer.Option(
        "--columns",
        metavar="NAMES",
        help="Header of a file that has none, such as time,open,high,low,close,volume; - is not read.",
        rich_help_panel=_READING,
    ),
]
Where = Annotated[
    list[str],
    typer.Option(
        metavar="HEADER=VALUE",
        help="Read only these rows of a file that holds many markets. May be repeated.",
        rich_help_panel=_READING,
    ),
]
Delimiter = Annotated[
    str, typer.Option(help="What parts cells, if it is not found out.", rich_help_panel=_READING)
]
TimeFormat = Annotated[
    str,
    typer.Option(
        metavar="FORMAT",
        help="Of the stamps, such as '%d.%m.%Y %H:%M', seconds or days.",
        rich_help_panel=_READING,
    ),
]
PriceScale = Annotated[
    float,
    typer.Option(help="Divide prices by this; 100000 where they are whole points.", rich_help_panel=_READING),
]
CalendarName = Annotated[
    str,
    typer.Option(
        "--calendar",
        metavar="auto|continuous|weekdays|sessions",
        help="Which gaps belong to the market; auto learns it from the candles.",
        rich_help_panel=_CHECKING,
    ),
]
MaxGap = Annotated[
    int,
    typer.Option(
        min=0, help="Candles in a row that may be missing at other times.", rich_help_panel=_CHECKING
    ),
]
AllowZeroVolume = Annotated[
    bool,
    typer.Option(
        "--allow-zero-volume", help="Accept candles in which nothing traded.", rich_help_panel=_CHECKING
    ),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Sort rows, drop identical duplicates, fill short gaps; what was done is said.",
        rich_help_panel=_CHECKING,
    ),
]
Fill = Annotated[
    int,
    typer.Option(
        min=0,
        max=10_000,
        help="Candles in a row that --repair fills, flat and with volume 0.",
        rich_help_panel=_CHECKING,
    ),
]
DropFlat = Annotated[
    bool,
    typer.Option(
        "--drop-flat",
        help="Leave out flat candles without volume of hours when the market is closed every week.",
        rich_help_panel=_CHECKING,
    ),
]
Splits = Annotated[
    bool,
    typer.Option(
        "--splits",
        help="Apply the file's column of splits to the prices before them.",
        rich_help_panel=_READING,
    ),
]
Thousands = Annotated[
    str,
    typer.Option(
        metavar="MARK",
        help="What parts thousands, if no cell tells: comma, point, apostrophe or space.",
        rich_help_panel=_READING,
    ),
]
Decimal = Annotated[
    str,
    typer.Option(
        metavar="MARK",
        help="What parts decimals, if no cell tells: comma or point.",
        rich_help_panel=_READING,
    ),
]
FundingScale = Annotated[
    float | None,
    typer.Option(
        help="Divide funding rates by this: 100 where they are percent, 1 where they are fractions.",
        rich_help_panel=_FUNDING,
    ),
]
Funding = Annotated[
    Path | None, typer.Option(metavar="FILE", help="File of funding rates.", rich_help_panel=_FUNDING)
]
FundingWhere = Annotated[
    list[str],
    typer.Option(
        metavar="HEADER=VALUE",
        help="Rows of the funding file, where they differ from --where. May be repeated.",
        rich_help_panel=_FUNDING,
    ),
]
FundingColumns = Annotated[
    list[str],
    typer.Option(
        "--funding-column",
        metavar="ROLE=HEADER",
        help="Header of time or funding in that file. May be repeated.",
        rich_help_panel=_FUNDING,
    ),
]
MaxFundingGap = Annotated[
    int,
    typer.Option(
        min=0,
        help="Funding periods in a row that may lack a rate; each counts as 0.",
        rich_help_panel=_FUNDING,
    ),
]
TrimToFunding = Annotated[
    bool,
    typer.Option(
        "--trim-to-funding",
        help="Leave out candles before the first and after the last rate.",
        rich_help_panel=_FUNDING,
    ),
]
Timezone = Annotated[
    str,
    typer.Option(
        metavar="ZONE",
        help="Of the wall clock that the stamps show, such as Europe/Berlin.",
        rich_help_panel=_READING,
    ),
]
FundingTimezone = Annotated[
    str,
    typer.Option(
        metavar="ZONE",
        help="Of the stamps of the funding file, where it differs from --timezone.",
        rich_help_panel=_FUNDING,
    ),
]
StampKind = Annotated[
    str,
    typer.Option(
        "--stamps",
        metavar="open|close",
        help="Whether the stamps are when candles open or close, if they look like closing times.",
        rich_help_panel=_READING,
    ),
]
Twins = Annotated[
    str,
    typer.Option(
        metavar="first|last",
        help="Which of two different rows with one stamp is kept.",
        rich_help_panel=_CHECKING,
    ),
]
MarketName = Annotated[
    str,
    typer.Option(
        "--market",
        metavar="|".join(MarketKind),
        help="Kind of the market, if its name does not tell; it decides what trading costs.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class CheckFlags:
    """What is asked of candles, wherever they come from. A new flag is a new field, and nothing more.

    A field that is named like one of ``Rules`` is handed on as it is; ``options`` translates others.
    """

    calendar: CalendarName = "auto"
    max_gap: MaxGap = 0
    allow_zero_volume: AllowZeroVolume = False
    repair: Repair = False
    fill: Fill = 24
    twins: Twins = ""
    drop_flat: DropFlat = False


@dataclass(frozen=True, kw_only=True)
class FileFlags(CheckFlags):
    """How a file is read: the flags of ``import``, ``describe``, ``evolve`` and ``backtest``.

    A new flag is a new field here. One that is named like a field of ``ReadingOptions`` or ``Rules`` is
    handed on as it is; ``options`` translates others.
    """

    symbol: Symbol = ""
    timeframe: Timeframe = ""
    column: Columns = field(default_factory=list)
    where: Where = field(default_factory=list)
    delimiter: Delimiter = ""
    time_format: TimeFormat = ""
    price_scale: PriceScale = 1.0
    funding: Funding = None
    funding_where: FundingWhere = field(default_factory=list)
    funding_column: FundingColumns = field(default_factory=list)
    max_funding_gap: MaxFundingGap = 0
    trim_to_funding: TrimToFunding = False
    timezone: Timezone = ""
    stamps: StampKind = ""
    columns: HeaderRow = ""
    thousands: Thousands = ""
    decimal: Decimal = ""
    splits: Splits = False
    funding_scale: FundingScale = None
    funding_timezone: FundingTimezone = ""
    market: MarketName = ""
