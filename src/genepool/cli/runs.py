"""``genepool runs``: what the history holds, and what its user changes of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from textwrap import shorten
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from genepool.adapters.store import SqlStore
from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.errors import ConfigError
from genepool.history import RunFilter, RunSummary
from genepool.names import composed
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.document import Document
from genepool.usecases.list_runs import list_runs

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")]

_STATES = {
    "queued": "cyan",
    "running": "cyan",
    "stopping": "yellow",
    "interrupted": "yellow",
    "finished": "green",
    "failed": "red",
}

# Signs of a note that the list shows.
_NOTE = 40
_PRUNED = ("\npruned", "dim")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(invoke_without_command=True, callback=runs)
    group.command("rename")(rename)
    group.command("note")(note)
    group.command("delete")(delete)
    app.add_typer(group, name="runs")


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Newest runs to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List past runs, newest first."""
    if context.invoked_subcommand is not None:
        return
    with _opened() as store:
        page = store.book.page(RunFilter(), None, limit)
    summaries = list(page.summaries)
    if as_json:
        print_json([run.as_json() for run in list_runs(summaries)])
    elif not summaries:
        screen().print(f"there are no runs yet: start one with `{program()} evolve`", soft_wrap=True)
    else:
        screen().print(_table(summaries))
        if page.total > limit:
            screen().print(f"{page.total - limit:,} older runs are not shown: raise --limit", style="dim")


def rename(
    run: Run,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.")],
    as_json: AsJson = False,
) -> None:
    """Call a run otherwise; its digest and the files that were made of it stay."""
    from genepool.bootstrap.acknowledging import told_book  # noqa: PLC0415 - as ``_found``
    from genepool.usecases.change_run import rename_run  # noqa: PLC0415 - as ``_found``

    with _opened() as store:
        found = _found(run, store)
        line = rename_run(found, name, told_book(store.book, load_settings()), store.book)
    _tell(line, f"run {found} is called {line.run} now", as_json=as_json)


def note(
    run: Run,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to remember of it; empty for nothing.")],
    as_json: AsJson = False,
) -> None:
    """Write a note on a run, which the list shows and a page finds."""
    from genepool.usecases.change_run import note_run  # noqa: PLC0415 - as ``_found``

    with _opened() as store:
        line = note_run(_found(run, store), text, store.book, store.book)
    done = "has a note now" if line.note else "has no note any more"
    _tell(line, f"run {line.run} {done}", as_json=as_json)


def delete(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Its whole name.")],
    yes: Annotated[bool, typer.Option("--yes", help="Ask for no confirmation.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a run for good; its trials stay counted, and files that were made of it stay."""
    from genepool.bootstrap.acknowledging import told_book  # noqa: PLC0415 - as ``_found``
    from genepool.usecases.change_run import delete_run  # noqa: PLC0415 - as ``_found``

    with _opened() as store:
        summary = store.book.summary(composed(run))
        if not yes:
            _confirm(summary)
        gone = delete_run(summary.spec.run, told_book(store.book, load_settings()))
    sentence = f"run {gone.run} is gone with {gone.evaluations:,} evaluations; every trial stays counted"
    _tell(gone, sentence, as_json=as_json)


@contextmanager
def _opened() -> Iterator[SqlStore]:
    store = open_store(load_settings())
    try:
        yield store
    finally:
        store.close()


def _found(run: str, store: SqlStore) -> str:
    # It brings numpy, which the list does without.
    from genepool.usecases.named_run import find_run  # noqa: PLC0415

    return find_run(run, store.summaries(), program()).spec.run


def _confirm(summary: RunSummary) -> None:
    run = summary.spec.run
    if not sys.stdin.isatty():
        raise ConfigError(f"run {run} would be deleted for good: say so with --yes")
    question = f"delete run {run} with {summary.evaluations:,} evaluations for good?"
    if not typer.confirm(question, err=True):
        raise ConfigError(f"run {run} stays: nothing was deleted")


def _tell(document: Document, sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(document.as_json())
    else:
        screen().print(sentence, soft_wrap=True, markup=False)


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
            Text.assemble(
                spec.run,
                "\n",
                (f"{spec.symbol} {spec.timeframe}{made_up}", "dim"),
                (f"\n{shorten(summary.note, _NOTE)}" if summary.note else "", "italic"),
            ),
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
