"""``genepool fleet``: champions of several runs as one account."""

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.report.write import write_fleet
from genepool.bootstrap.open_runs import OpenRuns
from genepool.bootstrap.stores import open_store
from genepool.cli._fleet_tables import account_lines, bots_table, forecast_table, ways_table
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.cli._run_lines import tell_lines
from genepool.errors import ConfigError
from genepool.portfolio.clocks import CLOCKS
from genepool.portfolio.terms import PATHS, FleetTerms
from genepool.portfolio.weightings import DEFAULT_WEIGHTING, weightings
from genepool.reading.file_candles import FileCandles
from genepool.settings import load_settings
from genepool.usecases.compare_genomes import named_genome
from genepool.usecases.fleet_document import FleetPortfolio
from genepool.usecases.fleet_portfolio import finished_runs, fleet_portfolio


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(fleet)


def fleet(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN]...",
            help="Runs whose champions take part; RUN/3 or RUN/FINGERPRINT for another genome.",
            show_default="all finished runs",
        ),
    ] = None,
    weights: Annotated[
        str, typer.Option("--weights", help=f"How shares are worked out: {', '.join(weightings())}.")
    ] = DEFAULT_WEIGHTING,
    clock: Annotated[
        str,
        typer.Option(
            "--clock", metavar="|".join(CLOCKS), help="How often the account goes back to its shares."
        ),
    ] = "day",
    max_correlation: Annotated[
        float | None,
        typer.Option("--max-correlation", help="Leave out the weaker of two bots that exceed it."),
    ] = None,
    kelly_fraction: Annotated[
        float, typer.Option("--kelly-fraction", help="Share of full Kelly, for --weights kelly.")
    ] = 0.5,
    max_leverage: Annotated[float, typer.Option("--max-leverage", help="Largest sum of shares.")] = 1.0,
    max_share: Annotated[float, typer.Option("--max-share", help="Largest share of each bot.")] = 1.0,
    ruin: Annotated[
        float, typer.Option("--ruin", help="Share of the equity at the start that counts as ruin.")
    ] = 0.5,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the years that are drawn.")] = 0,
    paths: Annotated[
        int | None,
        typer.Option(
            "--paths", help="How many years are drawn.", show_default=f"{PATHS}, or 500 by the hour"
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="PATH", help="Write the HTML report to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Put champions of several runs into one account: shares, correlation, margin, what may follow."""
    period = next((one for one in CLOCKS if one == clock), None)
    if period is None:
        raise ConfigError(f"there is no clock {clock!r}: choose from {', '.join(CLOCKS)}")
    terms = FleetTerms(
        weights, period, max_correlation, kelly_fraction, max_leverage, max_share, ruin, seed, paths
    )
    settings = load_settings()
    with closing(open_store(settings)) as store:
        named = [named_genome(word) for word in runs or ()] or finished_runs(store.book)
        source = FileCandles(settings.home, tell_doubt)
        found = fleet_portfolio(named, terms, OpenRuns(store, source).find, time.time_ns())
    if report is not None:
        write_fleet(report, found)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found, report)


def _print(found: FleetPortfolio, report: Path | None) -> None:
    console = screen()
    console.print(bots_table(found))
    tell_lines(console, account_lines(found))
    console.print(ways_table(found))
    console.print(forecast_table(found))
    console.print(found.sentence, soft_wrap=True)
    tell_lines(console, {"report": str(report) if report else ""})
