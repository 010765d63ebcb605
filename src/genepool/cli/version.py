"""``genepool --version``, and what every command begins with."""

from importlib.metadata import version
from typing import Annotated

import typer

from genepool.collector import collector_at_rest


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
    with collector_at_rest():
        # Version and help are told by now, and need none of it.
        from genepool.logs import configure  # noqa: PLC0415
        from genepool.settings import load_settings  # noqa: PLC0415

    configure(level=load_settings().log_level)
