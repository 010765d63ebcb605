"""``genepool export``: genomes, trades, fills, trials and equity for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from genepool.bootstrap.export_writers import WRITERS
from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.export_run import What, export_run


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    what: Annotated[
        What,
        typer.Option(
            "--what",
            help="genome: JSON with schema. trades, fills, equity: CSV of one genome; trials: of all.",
        ),
    ] = What.GENOME,
    rank: Annotated[int, typer.Option("--rank", help="Place on the leaderboard, 1 for the champion.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a genome, its trades, its fills, its equity, or all trials of a past run to a file."""
    with open_past_run(run, load_settings(), tell_doubt, program()) as past:
        document = export_run(past, what, rank, out, WRITERS)
        if as_json:
            print_json(document.as_json())
        else:
            counted = f" ({document.rows:,} rows)" if what is not What.GENOME else ""
            said = f"{what.value} of {document.run}{counted} in {document.file}"
            screen().print(said, soft_wrap=True, markup=False)
