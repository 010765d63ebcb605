"""``genepool report``: the HTML report of a past run, or of a batch of several markets."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from genepool.bootstrap.reports import written_report
from genepool.bootstrap.stores import open_store
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.settings import load_settings

RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest; batch-7 for a batch.")
]


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
    """Write the HTML report of a past run, or of a batch: one file that needs no network."""
    settings = load_settings()
    with closing(open_store(settings)) as store:
        written = written_report(run, settings, store, tell_doubt, out)
    if as_json:
        print_json(written.as_json())
    else:
        said = f"the report of {written.run} is in {written.report}"
        screen().print(said, soft_wrap=True, markup=False)
