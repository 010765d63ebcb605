"""``genepool follow``: a live record beside the replay of its genome."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from genepool.bootstrap.stores import open_store
from genepool.cli._follow_lines import causes_table, follow_lines, worst_trades
from genepool.cli._output import aside, print_json, screen, tell_doubt
from genepool.cli._run_lines import tell_lines
from genepool.errors import ShortfallError
from genepool.program import program
from genepool.reading.bundles import with_bundles, words_of
from genepool.reading.file_candles import FileCandles, refuse_unused
from genepool.reading.flags import FileFlags
from genepool.reading.live_trade_files import LiveTradeFiles
from genepool.robustness.live_band import LEVEL, BandPlace
from genepool.settings import load_settings
from genepool.usecases.follow_document import FollowedRun
from genepool.usecases.follow_job import FollowJob
from genepool.usecases.follow_run import follow_run
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun

_RECORD = "The record"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_bundles(follow))


def follow(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")],
    trades: Annotated[
        Path,
        typer.Option(
            "--trades",
            help="The live or dry-run record: freqtrade's database, its exported trades, or a CSV of trades.",
            rich_help_panel=_RECORD,
        ),
    ],
    *,
    rank: Annotated[int, typer.Option("--rank", help="Place on the leaderboard; 1, the champion.")] = 1,
    data: Annotated[
        str | None,
        typer.Option(
            "--data", help="The candles up to now; the run's own data set, as it is now, without it."
        ),
    ] = None,
    flags: FileFlags,
    since: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="When the bot began; its first entry without it.", rich_help_panel=_RECORD
        ),
    ] = "",
    until: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="When the record ends; the last candle without it.", rich_help_panel=_RECORD
        ),
    ] = "",
    pair: Annotated[str, typer.Option(help="Which market of the record.", rich_help_panel=_RECORD)] = "",
    strategy: Annotated[str, typer.Option(help="Whose trades of the record.", rich_help_panel=_RECORD)] = "",
    capital: Annotated[
        float | None,
        typer.Option(
            help="What the bot trades with, in quote currency; read from its sizes without it.",
            rich_help_panel=_RECORD,
        ),
    ] = None,
    tolerance: Annotated[
        int, typer.Option(min=0, help="Candles between two entries that may still be one trade.")
    ] = 1,
    level: Annotated[float, typer.Option(help="Share of the paths inside the band.")] = LEVEL,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Lay a live record beside the replay of its genome: fills, fees, missed trades, and luck.

    The exit code is 0 when the live result lies inside the band of the genome's own returns, else 5.
    """
    words = words_of(flags)
    asked = FollowJob(
        run, str(trades), rank, data, words, since, until, pair, strategy, capital, tolerance, level
    )
    found = _followed(asked, flags)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)
    if found.place != BandPlace.INSIDE:
        raise ShortfallError(f"{found.run}: {found.sentence}")


def _followed(asked: FollowJob, flags: FileFlags) -> FollowedRun:
    settings = load_settings()
    with closing(open_store(settings)) as store:
        summary = find_run(asked.run, store.summaries(), program())
        refuse_unused(asked.data or summary.spec.data, settings.home, flags)
        past = PastRun(summary, store, FileCandles(settings.home, tell_doubt))
        return follow_run(past, asked, LiveTradeFiles(), store)


def _print(found: FollowedRun) -> None:
    tell_lines(screen(), follow_lines(found))
    screen().print(causes_table(found))
    if found.trades:
        screen().print(worst_trades(found))
    for remark in found.remarks:
        aside().print(remark, soft_wrap=True, markup=False)
