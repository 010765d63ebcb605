"""``genepool data download``: candles and funding rates from an exchange."""

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from genepool.adapters.exchange.download import Downloaded
from genepool.adapters.exchange.downloaded_pages import DownloadedPages
from genepool.bootstrap.downloading import fetched, pages_of
from genepool.cli import _data_flags as flag
from genepool.cli._data_pages import data_table
from genepool.cli._output import aside, print_json, screen
from genepool.errors import DataError
from genepool.market.timeframes import utc
from genepool.reading.advice import of_command
from genepool.reading.bundles import with_bundles
from genepool.reading.flags import CheckFlags
from genepool.reading.options import rules
from genepool.settings import load_settings
from genepool.usecases.describe_market import describe_market
from genepool.usecases.download_job import DownloadJob


def add_download(data_app: typer.Typer) -> None:
    """Add the ``download`` command to the ``data`` commands."""
    data_app.command("download")(with_bundles(download_command))


def download_command(
    exchange: Annotated[str, typer.Option(help="ccxt's name of the exchange.")] = "hyperliquid",
    symbol: Annotated[str, typer.Option(help="A coin, or ccxt's full symbol such as BTC/USDC:USDC.")] = "BTC",
    timeframe: Annotated[str, typer.Option(help="Such as 1h; the exchange says which it has.")] = "1h",
    candles: Annotated[
        int, typer.Option(help="How many of the newest complete ones; Hyperliquid keeps about 5,000.")
    ] = 20_000,
    base_url: Annotated[
        str,
        typer.Option(metavar="URL", help="Stands in for the exchange's own address, for a proxy or a test."),
    ] = "",
    *,
    checks: CheckFlags,
    replace: flag.Replace = False,
    json: flag.AsJson = False,
) -> None:
    """Fetch candles and funding from an exchange; a download that was cut off continues."""
    home = load_settings().home
    asked = DownloadJob(exchange, symbol, timeframe, candles, replace=replace, base_url=base_url)
    wanted = rules(checks, timeframe)
    pages = pages_of(home, asked)
    told = aside()
    _tell_resumed(pages, told)
    with told.status("asking the exchange") as status:
        try:
            kept = fetched(
                home,
                asked,
                wanted,
                pages,
                lambda kind, done, total: status.update(f"{kind}: {done} of {total} pages"),
            )
        except DataError as error:
            raise of_command(error, CheckFlags) from error
    name, data, replaced = kept.name, kept.data, kept.replaced
    _tell_shortfall(exchange, candles, kept.came, told)
    if json:
        print_json(
            describe_market(name, data).as_json()
            | {"candles_asked": candles}
            | ({"replaced": replaced} if replaced else {})
        )
        return
    screen().print(Text.assemble("Downloaded as ", (name, "bold"), f": use it with --data {name}"))
    if replaced:
        screen().print(replaced, markup=False)
    screen().print(data_table(name, data))


def _tell_resumed(pages: DownloadedPages, told: Console) -> None:
    if count := len(pages):
        told.print(f"Continuing from {count} pages of an earlier attempt.")


def _tell_shortfall(exchange: str, asked: int, came: Downloaded, told: Console) -> None:
    if len(came.candles) < asked:
        told.print(
            f"{len(came.candles):,} of the {asked:,} candles asked for came: {exchange} has none before "
            f"{utc(came.candles.stamps[0])}."
        )
    if came.coverage is None:
        told.print(f"{exchange} has no funding rates for {came.market}.")
    elif came.coverage.missing:
        told.print(f"{came.coverage.missing:,} funding rates are missing and count as 0.")
