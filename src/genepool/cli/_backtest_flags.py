"""The flags of ``genepool backtest``."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from genepool.market.split import PRESETS
from genepool.usecases.backtest_ground import SpanName

_WHO = "Who trades"
StrategyName: TypeAlias = Annotated[
    str | None, typer.Option("--strategy", help="Name of the seed strategy.", rich_help_panel=_WHO)
]
GeneValues: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--gene",
        help="NAME=VALUE, as often as needed; the others are at their defaults.",
        rich_help_panel=_WHO,
    ),
]
GenomeFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--genome",
        help="JSON genome, as exported, with costs, candles and spans of its run; flags go before it.",
        rich_help_panel=_WHO,
    ),
]

_MARKET = "Market"
Data: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="Sample, import, synthetic market or file of candles.",
        show_default="what --genome names",
        rich_help_panel=_MARKET,
    ),
]
CandleCount: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--candles",
        help="Newest candles to use: a number, or " + ", ".join(PRESETS),
        show_default="those of --genome, else all",
        rich_help_panel=_MARKET,
    ),
]
SpansOfRun: TypeAlias = Annotated[
    SpanName | None,
    typer.Option(
        "--spans",
        help="Span of the run that --genome comes from; its walk-forward folds are joined.",
        show_default="visible, when these are the run's candles and neither --start nor --stop is given",
        rich_help_panel=_MARKET,
    ),
]
Start: TypeAlias = Annotated[
    str,
    typer.Option(
        "--start",
        help="First candle traded: its number from 0, or a UTC date; what lies before is known past.",
        rich_help_panel=_MARKET,
    ),
]
Stop: TypeAlias = Annotated[
    str,
    typer.Option(
        "--stop", help="First candle no longer traded: its number, or a UTC date.", rich_help_panel=_MARKET
    ),
]

_COSTS = "Costs"
_USUAL = "that of --genome, else {}"
Fee: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--fee-bps",
        min=0,
        help="Taker fee in basis points.",
        show_default=_USUAL.format(5),
        rich_help_panel=_COSTS,
    ),
]
MakerFee: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--maker-fee-bps",
        min=0,
        help="Maker fee in basis points; no dearer than --fee-bps where that is given alone.",
        show_default=_USUAL.format(2),
        rich_help_panel=_COSTS,
    ),
]
Slippage: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--slippage-bps",
        min=0,
        help="Slippage of market fills.",
        show_default=_USUAL.format(0),
        rich_help_panel=_COSTS,
    ),
]
Spread: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--spread-bps",
        min=0,
        help="Full bid-ask spread.",
        show_default=_USUAL.format(0),
        rich_help_panel=_COSTS,
    ),
]
MaxLeverage: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--max-leverage",
        help="Largest absolute exposure.",
        show_default=_USUAL.format(1),
        rich_help_panel=_COSTS,
    ),
]

_OUTPUT = "Output"
TradesFile: TypeAlias = Annotated[
    Path | None, typer.Option("--trades", help="Write the trades to this CSV.", rich_help_panel=_OUTPUT)
]
FillsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--fills", help="Write every fill of the trades to this CSV.", rich_help_panel=_OUTPUT),
]
EquityFile: TypeAlias = Annotated[
    Path | None, typer.Option("--equity", help="Write the equity curve to this CSV.", rich_help_panel=_OUTPUT)
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of a table.", rich_help_panel=_OUTPUT)
]
