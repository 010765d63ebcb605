"""``genepool db``: the layout of the history."""

from typing import Annotated

import typer

from genepool.adapters.store import HEAD, layout_of, upgrade_layout
from genepool.cli._output import print_json, screen
from genepool.settings import load_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("upgrade")(upgrade)
    group.command("current")(current)
    app.add_typer(group, name="db", help="Look after the layout of the evolution history.")


def upgrade(as_json: AsJson = False) -> None:
    """Bring the history up to the layout of this version; the embedded one does so by itself."""
    url = load_settings().history_url
    before = layout_of(url)
    upgrade_layout(url)
    if as_json:
        print_json({"before": before, "after": HEAD})
    elif before == HEAD:
        screen().print(f"the history has layout {HEAD}, the newest")
    else:
        screen().print(
            f"the history had {f'layout {before}' if before else 'none'}, now it has layout {HEAD}"
        )


def current(as_json: AsJson = False) -> None:
    """Print the layout that the history has, and the one that this version writes."""
    found = layout_of(load_settings().history_url)
    if as_json:
        print_json({"current": found, "newest": HEAD})
    else:
        screen().print(f"the history has {f'layout {found}' if found else 'none yet'}; the newest is {HEAD}")
