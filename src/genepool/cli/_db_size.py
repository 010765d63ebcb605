"""``genepool db size``: what the history takes."""

from typing import Annotated

import typer
from rich import box
from rich.table import Table

from genepool.adapters.store.sizes import Size
from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.settings import load_settings


def size(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Say how many bytes the history takes, table by table, and how many an evaluation."""
    store = open_store(load_settings())
    try:
        found = store.size()
    finally:
        store.close()
    if as_json:
        print_json(_document(found))
        return
    if found.tables:
        screen().print(_table(found))
    for line in _sentences(found):
        screen().print(line, soft_wrap=True)


def _document(found: Size) -> dict[str, object]:
    each = found.bytes_an_evaluation
    return {
        "bytes": found.bytes,
        "free_bytes": found.free,
        "runs": found.runs,
        "pruned_runs": found.pruned,
        "evaluations": found.evaluations,
        "bytes_an_evaluation": None if each is None else round(each, 1),
        "tables": {
            line.table: {"rows": line.rows_bytes, "indexes": line.index_bytes} for line in found.tables
        },
    }


def _table(found: Size) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("table", no_wrap=True)
    for name in ("rows", "indexes", "an evaluation"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in found.tables:
        each = f"{line.bytes / found.evaluations:,.0f} B" if found.evaluations else ""
        table.add_row(line.table, _bytes(line.rows_bytes), _bytes(line.index_bytes), each)
    return table


def _sentences(found: Size) -> list[str]:
    free = f", {_bytes(found.free)} of it free for the next rows" if found.free else ""
    each = found.bytes_an_evaluation
    pace = "" if each is None else f": {each:,.0f} bytes an evaluation"
    pruned = f", {found.pruned} of them without their trials" if found.pruned else ""
    return [
        f"the history takes {_bytes(found.bytes)}{free}",
        f"it holds {found.runs} runs{pruned}, with {found.evaluations:,} evaluations{pace}",
    ]


def _bytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.1f} kB"  # noqa: PLR2004 - units
