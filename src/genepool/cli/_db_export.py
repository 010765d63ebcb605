"""``genepool db export``: the whole history as a SQLite file."""

from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.store import export_history
from genepool.bootstrap.stores import secret_of
from genepool.cli._output import print_json, screen
from genepool.settings import load_settings


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The SQLite file to make.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Copy the whole history to a SQLite file, from which any machine can continue."""
    settings = load_settings()
    password = secret_of(settings.database_password_file, "GENEPOOL_DATABASE_PASSWORD_FILE")
    runs = export_history(settings.history_url, password, file)
    if as_json:
        print_json({"file": str(file), "runs": runs})
    else:
        screen().print(
            f"{file} holds {runs} runs: name it sqlite:///{file} in GENEPOOL_DATABASE_URL",
            markup=False,
            soft_wrap=True,
        )
