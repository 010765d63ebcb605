"""``genepool report``: the HTML report of a past run."""

from pathlib import Path
from typing import Annotated

import typer

from genepool.cli._output import print_json, screen
from genepool.cli._past_run import open_past_run

RunName = Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    run: RunName = "latest",
    out: Annotated[
        Path | None, typer.Option("--out", help="The file.", show_default="RUN.html in the results folder")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write the HTML report of a past run: one file that needs no network."""
    with open_past_run(run) as past:
        path = past.write_report(out)
        if as_json:
            print_json({"run": past.name, "report": str(path), "bytes": path.stat().st_size})
        else:
            screen().print(f"the report of {past.name} is in {path}", soft_wrap=True, markup=False)
