"""``genepool --version``."""

from importlib.metadata import version
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the option to the program itself."""
    app.callback()(_program)


def _show(asked: bool) -> None:
    if asked:
        typer.echo(f"genepool {version('genepool')}")
        raise typer.Exit


def _program(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_show, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Nothing more: the commands do the work."""
