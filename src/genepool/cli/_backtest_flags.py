"""The flags of ``genepool backtest``."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from genepool.market.split import PRESETS

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
    typer.Option("--genome", help="JSON genome, as exported; --gene goes before it.", rich_help_panel=_WHO),
]

_MARKET = "Market"
Data: TypeAlias = Annotated[
    str,
    typer.Option(
        "--data", help="Sample, import, synthetic market or file of candles.", rich_help_panel=_MARKET
    ),
]
CandleCount: TypeAlias = Annotated[
    str,
    typer.Option(
        "--candles",
        help="Newest candles to use: a number, or " + ", ".join(PRESETS),
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
Fee: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--fee-bps", min=0, help="Taker fee in basis points.", show_default="5", rich_help_panel=_COSTS
    ),
]
MakerFee: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--maker-fee-bps",
        min=0,
        help="Maker fee in basis points.",
        show_default="2, or the taker fee if that is lower",
        rich_help_panel=_COSTS,
    ),
]
Slippage: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--slippage-bps",
        min=0,
        help="Slippage of market fills.",
        show_default="0",
        rich_help_panel=_COSTS,
    ),
]
Spread: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--spread-bps", min=0, help="Full bid-ask spread.", show_default="0", rich_help_panel=_COSTS
    ),
]
MaxLeverage: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--max-leverage", help="Largest absolute exposure.", show_default="1", rich_help_panel=_COSTS
    ),
]

_OUTPUT = "Output"
TradesFile: TypeAlias = Annotated[
    Path | None, typer.Option("--trades", help="Write the trades to this CSV.", rich_help_panel=_OUTPUT)
]
EquityFile: TypeAlias = Annotated[
    Path | None, typer.Option("--equity", help="Write the equity curve to this CSV.", rich_help_panel=_OUTPUT)
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of a table.", rich_help_panel=_OUTPUT)
]
