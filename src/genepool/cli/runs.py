"""``genepool runs``: what the history holds."""

from datetime import datetime
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.history import RunSummary
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.list_runs import list_runs

_STATES = {
    "queued": "cyan",
    "running": "cyan",
    "stopping": "yellow",
    "interrupted": "yellow",
    "finished": "green",
    "failed": "red",
}

_PRUNED = ("\npruned", "dim")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(runs)


def runs(
    limit: Annotated[int, typer.Option("--limit", min=1, help="Newest runs to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List past runs, newest first."""
    store = open_store(load_settings())
    try:
        summaries = store.summaries()
    finally:
        store.close()
    if as_json:
        print_json([run.as_json() for run in list_runs(summaries[:limit])])
    elif not summaries:
        screen().print(f"there are no runs yet: start one with `{program()} evolve`", soft_wrap=True)
    else:
        screen().print(_table(summaries[:limit]))
        if len(summaries) > limit:
            screen().print(f"{len(summaries) - limit:,} older runs are not shown: raise --limit", style="dim")


def _table(summaries: list[RunSummary]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0), caption="times in UTC"
    )
    table.add_column("run", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("started", no_wrap=True)
    for name in ("gen.", "evals", "in-sample\nbest"):
        table.add_column(name, justify="right", no_wrap=True)
    for summary in summaries:
        spec, best = summary.spec, summary.best_fitness
        made_up = " (synthetic)" if spec.synthetic else ""
        table.add_row(
            Text.assemble(spec.run, "\n", (f"{spec.symbol} {spec.timeframe}{made_up}", "dim")),
            Text.assemble((summary.state, _STATES[summary.state]), *([_PRUNED] if summary.pruned_at else [])),
            _short(summary.started_at),
            f"{summary.generations}/{spec.settings.generations}",
            f"{summary.evaluations:,}",
            "" if best is None else f"{best:.2f}",
        )
    return table


def _short(stamp: str) -> str:
    """Write a stamp as ``22 Nov 02:48``; the year is in the run's own name."""
    return datetime.fromisoformat(stamp).strftime("%d %b %H:%M")
