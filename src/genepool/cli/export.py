"""``genepool export``: genomes, trades, fills, trials and equity for other programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from genepool.bootstrap.export_programs import export_programs
from genepool.bootstrap.export_writers import WRITERS
from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import ConfigError
from genepool.ports.export_targets import CertifiedTarget, ExportTarget
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.export_run import What, export_run
from genepool.usecases.export_target import TargetExport, export_target
from genepool.usecases.past_run import PastRun


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write, or with --to the folder.")],
    what: Annotated[
        What | None,
        typer.Option(
            "--what",
            help="genome, without it: JSON with schema. trades, fills, equity: CSV of one genome; trials: of "
            "all.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str,
        typer.Option("--to", metavar="PROGRAM", help="Write the files of a program; a wrong name lists all."),
    ] = "",
    rank: Annotated[int, typer.Option("--rank", help="Place on the leaderboard, 1 for the champion.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a genome for another program, or what it is, what it traded, or all trials to a file."""
    if to and what is not None:
        raise ConfigError("--to and --what are two kinds of export: give one of them")
    with open_past_run(run, load_settings(), tell_doubt, program()) as past:
        if to:
            _to_program(past, rank, to, out, as_json)
        else:
            _to_file(past, rank, what or What.GENOME, out, as_json)


def _to_file(past: PastRun, rank: int, what: What, out: Path, as_json: bool) -> None:
    document = export_run(past, what, rank, out, WRITERS)
    if as_json:
        print_json(document.as_json())
    else:
        counted = f" ({document.rows:,} rows)" if what is not What.GENOME else ""
        said = f"{what.value} of {document.run}{counted} in {document.file}"
        screen().print(said, soft_wrap=True, markup=False)


def _to_program(past: PastRun, rank: int, to: str, out: Path, as_json: bool) -> None:
    programs = export_programs(load_settings())
    document = export_target(past, rank, to, out, programs)
    if as_json:
        print_json(document.as_json())
        return
    for line in _lines(document, programs.target(to)):
        screen().print(line, soft_wrap=True, markup=False)


def _lines(document: TargetExport, target: ExportTarget) -> Iterator[str]:
    proved = ", with its certificate" if document.certified else ""
    yield f"{target.summary}, rank {document.rank} of {document.run}{proved}, in {document.folder}"
    yield from (f"  {file}" for file in document.files)
    if isinstance(target, CertifiedTarget) and not document.certified:
        rank = f" --rank {document.rank}" if document.rank > 1 else ""
        command = f"{program()} certify {document.run} --to {document.target}{rank} --python PYTHON"
        yield f"Prove that it trades there as it did here: {command}"
