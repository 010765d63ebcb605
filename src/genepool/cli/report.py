"""``genepool report``: the HTML report of a past run."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.report.write import write_report
from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.report_run import report_run

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
    settings = load_settings()
    with open_past_run(run, settings, tell_doubt, program()) as past:
        file = out or settings.results / f"{past.name}.html"
        written = report_run(past, partial(write_report, file))
        if as_json:
            print_json(written.as_json())
        else:
            said = f"the report of {written.run} is in {written.report}"
            screen().print(said, soft_wrap=True, markup=False)
