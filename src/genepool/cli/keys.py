"""``genepool keys``: who may use the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer
from rich import box
from rich.table import Table

from genepool.api_keys import fresh_key
from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.ports import KeyRing
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.job_document import key_document

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(list_keys)
    group.command("revoke")(revoke)
    app.add_typer(group, name="keys", help="Make, list and revoke the keys that open the service.")


def create(
    scope: Annotated[
        Literal["read", "run", "admin"],
        typer.Option(help="read: look; run: also start and stop; admin: also delete and make keys."),
    ] = "run",
    name: Annotated[str, typer.Option(help="What you call it.")] = "",
) -> None:
    """Make a key and print it, alone on its line; nothing shows it again."""
    key = fresh_key()
    with _ring() as ring:
        ring.add(key, name, scope)
    print(key)


def list_keys(as_json: AsJson = False) -> None:
    """List all keys, revoked ones too; of a key itself nothing is kept but its hash."""
    with _ring() as ring:
        keys = ring.keys()
    if as_json:
        print_json([key_document(key).as_json() for key in keys])
        return
    if not keys:
        screen().print(f"there are no keys yet: make one with `{program()} keys create`", soft_wrap=True)
        return
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, caption="times in UTC")
    for column in ("key", "name", "scope", "made", "revoked"):
        table.add_column(column)
    for key in keys:
        table.add_row(str(key.id), key.name, key.scope, key.made_at[:16], (key.revoked_at or "")[:16])
    screen().print(table)


def revoke(number: Annotated[int, typer.Argument(metavar="KEY", help="Its number in the list.")]) -> None:
    """Let a key open the service no more."""
    with _ring() as ring:
        key = ring.revoke(number)
    screen().print(f"key {key.id} opens nothing any more", soft_wrap=True)


@contextmanager
def _ring() -> Iterator[KeyRing]:
    store = open_store(load_settings())
    try:
        yield store.keys
    finally:
        store.close()
