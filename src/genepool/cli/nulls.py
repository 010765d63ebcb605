"""``genepool nulls``: repeat a run's search where there is nothing to find."""

from contextlib import closing
from typing import Annotated

import typer

from genepool.bootstrap.placement import Mode, place
from genepool.bootstrap.stores import open_store
from genepool.cli._null_lines import null_lines
from genepool.cli._null_session import null_session
from genepool.cli._output import aside, print_json, screen, tell_doubt
from genepool.cli._run_lines import tell_lines
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET
from genepool.settings import load_settings
from genepool.usecases.named_run import find_run
from genepool.usecases.null_evolution import NullsAsked
from genepool.usecases.past_run import PastRun


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(nulls)


def nulls(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")
    ] = "latest",
    count: Annotated[
        int,
        typer.Option("--count", min=1, help="Null searches in all; those that are there are not made again."),
    ] = 19,
    generator: Annotated[
        str, typer.Option("--generator", help="How markets without an edge are made; docs/nulls.md.")
    ] = DEFAULT_NULL_MARKET,
    *,
    sequential: Annotated[
        bool, typer.Option("--sequential", help="Stop at the tenth null that is as good as the run.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, max=1024, help="Worker processes.", show_default="what the machine bears"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Repeat a run's whole search on markets without an edge, to see whether it finds as much there."""
    settings, asked = load_settings(), NullsAsked(count, generator, sequential)
    with closing(open_store(settings)) as store:
        past = PastRun(
            find_run(run, store.summaries(), program()), store, FileCandles(settings.home, tell_doubt)
        )
        plan = past.plan()
        # Workers that a user counts are those of this machine.
        mode: Mode = "auto" if workers is None else "local"
        placement = place(mode, workers, settings, plan, store.identity(), count)
        done = null_session(plan, placement, store, settings, asked, aside())
    if as_json:
        print_json(done.as_json())
    else:
        tell_lines(screen(), {"run": f"{done.run}, {done.trials:,} unique genomes", **null_lines(done.nulls)})
