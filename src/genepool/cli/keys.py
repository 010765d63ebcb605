"""``genepool keys``: make, list and revoke the keys that open the service."""

from contextlib import closing
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from genepool.api_keys import Scope, fresh_key
from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.key_document import key_document

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
        Scope, typer.Option(help="read: look. run: start and stop too. admin: delete, and keys.")
    ] = "run",
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make a key and print it, alone on its line: it is shown this once, and kept as a hash."""
    key = fresh_key()
    with closing(open_store(load_settings())) as store:
        store.keys.add(key, name, scope)
    print(key)


def list_keys(as_json: AsJson = False) -> None:
    """List keys by number, name and scope; no key itself is known any more."""
    with closing(open_store(load_settings())) as store:
        found = store.keys.listed()
    if as_json:
        print_json([key_document(key).as_json() for key in found])
        return
    if not found:
        screen().print(f"there are no keys yet: `{program()} keys create` makes one", soft_wrap=True)
        return
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for column in ("key", "name", "scope", "made", "revoked"):
        table.add_column(column, no_wrap=column != "name")
    for key in found:
        table.add_row(str(key.id), key.name, key.scope, key.made_at[:16], (key.revoked_at or "")[:16])
    screen().print(table)


def revoke(
    number: Annotated[int, typer.Argument(metavar="KEY", help="Its number in the list.")],
) -> None:
    """Let a key in no more; browsers that were opened with it are logged out."""
    with closing(open_store(load_settings())) as store:
        key = store.keys.revoke(number)
    screen().print(f"key {key.id} opens nothing any more", soft_wrap=True)
