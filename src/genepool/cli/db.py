"""``genepool db``: the layout of the history."""

from typing import Annotated

import typer

from genepool.adapters.store import HEAD, layout_of, upgrade_layout
from genepool.bootstrap.stores import secret_of
from genepool.cli._db_export import export
from genepool.cli._db_prune import prune
from genepool.cli._db_size import size
from genepool.cli._output import print_json, screen
from genepool.settings import Settings, load_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("upgrade")(upgrade)
    group.command("current")(current)
    group.command("size")(size)
    group.command("prune")(prune)
    group.command("export")(export)
    app.add_typer(group, name="db", help="Look after the layout of the evolution history.")


def upgrade(as_json: AsJson = False) -> None:
    """Bring the history up to the layout of this version; the embedded one does so by itself."""
    settings = load_settings()
    url, password = settings.history_url, _password(settings)
    before = layout_of(url, password)
    upgrade_layout(url, password)
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
    settings = load_settings()
    found = layout_of(settings.history_url, _password(settings))
    if as_json:
        print_json({"current": found, "newest": HEAD})
    else:
        screen().print(f"the history has {f'layout {found}' if found else 'none yet'}; the newest is {HEAD}")


def _password(settings: Settings) -> str | None:
    return secret_of(settings.database_password_file, "GENEPOOL_DATABASE_PASSWORD_FILE")
