"""``genepool config``: what the environment decides."""

from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from genepool.cli._output import print_json, screen
from genepool.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(config)


def config(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show every setting, the variable that decides it, and its value; passwords are hidden."""
    settings = load_settings()
    if as_json:
        print_json({name: shown(settings, name) for name in Settings.model_fields})
    else:
        screen().print(_table(settings))


def shown(settings: Settings, name: str) -> Any:  # noqa: ANN401 - whatever JSON has for the setting
    """Return a setting as it may be shown."""
    value = getattr(settings, name)
    if name.endswith("_url") and value:
        return _without_password(value)
    return value if value is None or isinstance(value, int | float) else str(value)


def _without_password(address: str) -> str:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # It may hold a password all the same, so it is not repeated.
        return "(not a URL)"
    secrets = {name: "***" for name in url.query if "password" in name.lower()}
    if url.password is None and not secrets:
        return address
    return url.update_query_dict(secrets).render_as_string(hide_password=True)


def _table(settings: Settings) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    table.add_column("variable", no_wrap=True)
    table.add_column("value")
    table.add_column("what it decides", style="dim")
    for name, field in Settings.model_fields.items():
        value = shown(settings, name)
        table.add_row(f"GENEPOOL_{name.upper()}", "" if value is None else str(value), field.description)
    return table
