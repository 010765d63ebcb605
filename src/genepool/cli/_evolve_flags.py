"""The flags of ``genepool evolve``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from genepool.usecases.rule_texts import NAME_TEXT
from genepool.usecases.rule_texts import RULE_TEXTS as TEXTS


class ModeName(StrEnum):
    """Where genomes are evaluated."""

    AUTO = "auto"
    LOCAL = "local"
    DISTRIBUTED = "distributed"


_MARKET = "Market and costs"
Data: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="Sample, import, synthetic market or file of candles; several parted by commas, or a pattern.",
        show_default="btcusd_1h",
        rich_help_panel=_MARKET,
    ),
]
Universe: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--universe",
        metavar="FILE",
        help="Markets, one name or path a line, bred as one batch.",
        rich_help_panel=_MARKET,
    ),
]
Preset: TypeAlias = Annotated[
    str,
    typer.Option(
        "--preset",
        help=TEXTS["preset"].told,
        rich_help_panel=_MARKET,
    ),
]
CandleCount: TypeAlias = Annotated[
    int | None,
    typer.Option("--candles", min=10, help=TEXTS["candles"].told, rich_help_panel=_MARKET),
]
Fee: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--fee-bps",
        min=0,
        help=TEXTS["fee_bps"].told,
        show_default=TEXTS["fee_bps"].usual,
        rich_help_panel=_MARKET,
    ),
]
MakerFee: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--maker-fee-bps",
        min=0,
        help=TEXTS["maker_fee_bps"].told,
        show_default=TEXTS["maker_fee_bps"].usual,
        rich_help_panel=_MARKET,
    ),
]
Slippage: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--slippage-bps",
        min=0,
        help=TEXTS["slippage_bps"].told,
        show_default=TEXTS["slippage_bps"].usual,
        rich_help_panel=_MARKET,
    ),
]
Spread: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--spread-bps",
        min=0,
        help=TEXTS["spread_bps"].told,
        show_default=TEXTS["spread_bps"].usual,
        rich_help_panel=_MARKET,
    ),
]
MaxLeverage: TypeAlias = Annotated[
    float, typer.Option("--max-leverage", help=TEXTS["max_leverage"].told, rich_help_panel=_MARKET)
]

_SEARCH = "Search"
PopulationSize: TypeAlias = Annotated[
    int, typer.Option("--population-size", min=2, help=TEXTS["population_size"].told, rich_help_panel=_SEARCH)
]
Generations: TypeAlias = Annotated[
    int, typer.Option("--generations", min=1, help=TEXTS["generations"].told, rich_help_panel=_SEARCH)
]
MaxEvaluations: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--max-evaluations",
        "--evaluations",
        min=1,
        help=TEXTS["max_evaluations"].told,
        rich_help_panel=_SEARCH,
    ),
]
MaxMinutes: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--max-minutes",
        "--minutes",
        min=0,
        help=TEXTS["max_minutes"].told,
        rich_help_panel=_SEARCH,
    ),
]
Plateau: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--plateau",
        min=1,
        help=TEXTS["plateau"].told,
        rich_help_panel=_SEARCH,
    ),
]
Seed: TypeAlias = Annotated[
    int,
    typer.Option("--seed", min=0, help=TEXTS["seed"].told, rich_help_panel=_SEARCH),
]
Holding: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--holding",
        metavar="RUN[:RANK]",
        help="A champion that is traded already, of any market; as often as needed, with --max-correlation.",
        rich_help_panel=_SEARCH,
    ),
]
MaxCorrelation: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--max-correlation",
        help="From this correlation with a champion of --holding on, a genome's gain counts less.",
        rich_help_panel=_SEARCH,
    ),
]
ObjectiveName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--objective",
        help=TEXTS["objective"].told,
        rich_help_panel=_SEARCH,
    ),
]
OptimizerName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--optimizer",
        help=TEXTS["optimizer"].told,
        rich_help_panel=_SEARCH,
    ),
]
Atlas: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--atlas",
        help="Fill the strategy atlas: the best of each way to trade; the same as --optimizer atlas.",
        rich_help_panel=_SEARCH,
    ),
]
Strategies: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--strategies",
        help=TEXTS["strategies"].told,
        show_default=TEXTS["strategies"].usual,
        rich_help_panel=_SEARCH,
    ),
]

_SPANS = "Spans, in candles"
Holdout: TypeAlias = Annotated[
    float, typer.Option("--holdout", help=TEXTS["holdout"].told, rich_help_panel=_SPANS)
]
InSample: TypeAlias = Annotated[
    float,
    typer.Option("--in-sample", help=TEXTS["in_sample"].told, rich_help_panel=_SPANS),
]
Folds: TypeAlias = Annotated[
    int, typer.Option("--folds", min=1, help=TEXTS["folds"].told, rich_help_panel=_SPANS)
]
Purge: TypeAlias = Annotated[
    int, typer.Option("--purge", min=0, help=TEXTS["purge"].told, rich_help_panel=_SPANS)
]
Embargo: TypeAlias = Annotated[
    int, typer.Option("--embargo", min=0, help=TEXTS["embargo"].told, rich_help_panel=_SPANS)
]

_WHERE_IT_RUNS = "Where it runs"
ModeFlag: TypeAlias = Annotated[
    ModeName,
    typer.Option(
        "--mode",
        help="auto takes a cluster when one answers, else this machine.",
        rich_help_panel=_WHERE_IT_RUNS,
    ),
]
Workers: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=1024,
        help="Worker processes.",
        show_default="what the machine bears",
        rich_help_panel=_WHERE_IT_RUNS,
    ),
]

_HISTORY = "History and output"
Resume: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--resume",
        help="Continue this run, or the latest, by the rules that it was started with; larger budgets may be "
        "given.",
        rich_help_panel=_HISTORY,
    ),
]
Name: TypeAlias = Annotated[
    str,
    typer.Option("--name", help=NAME_TEXT.told, show_default=NAME_TEXT.usual, rich_help_panel=_HISTORY),
]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output", help="Folder of the report.", show_default="results", rich_help_panel=_HISTORY),
]
Report: TypeAlias = Annotated[
    bool, typer.Option("--report/--no-report", help="Write the HTML report.", rich_help_panel=_HISTORY)
]
Nulls: TypeAlias = Annotated[
    int,
    typer.Option(
        "--nulls",
        min=0,
        help="Then repeat the whole search on so many markets without an edge, as genepool nulls.",
        rich_help_panel=_HISTORY,
    ),
]
AsJson: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON document; everything else goes to standard error.",
        rich_help_panel=_HISTORY,
    ),
]
