"""``genepool check``: how a genome of a past run stands up to every robustness check."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._check_pages import documentation
from genepool.cli._doc_pages import write_pages
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import ConfigError
from genepool.program import program
from genepool.robustness.checks import CheckOutcome, robustness_checks
from genepool.settings import load_settings
from genepool.usecases.check_champion import CheckedGenome, check_champion, checks_named
from genepool.usecases.genome_of_run import Which

# Columns from which on a sentence has room beside its figures.
_WIDE = 110
_STYLES = {CheckOutcome.PASS: "green", CheckOutcome.FAIL: "red", CheckOutcome.NOT_APPLICABLE: "dim"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")
    ] = "latest",
    rank: Annotated[
        int | None, typer.Option("--rank", help="Place on the leaderboard; 1, the champion, without it.")
    ] = None,
    genome: Annotated[
        str | None,
        typer.Option("--genome", metavar="ID", help="Fingerprint, in place of --rank."),
    ] = None,
    only: Annotated[
        str, typer.Option("--only", metavar="NAME,...", help="Make these checks only; all without it.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    write_docs: Annotated[
        Path | None, typer.Option(help="Write one Markdown page per check and an index to this folder.")
    ] = None,
) -> None:
    """Ask every robustness check of the champion of a past run, or of another genome."""
    if write_docs is not None:
        write_pages(documentation(robustness_checks()), write_docs)
        return
    which = _which(rank, genome)
    names = [name.strip() for name in only.split(",") if name.strip()]
    checks_named(names)
    with open_past_run(run, load_settings(), tell_doubt, program()) as past:
        document = check_champion(past, which, names)
    if as_json:
        print_json(document.as_json())
    else:
        _print(document)


def _which(rank: int | None, genome: str | None) -> Which:
    if rank is not None and genome is not None:
        raise ConfigError("--rank and --genome name a genome each: give one of them")
    if genome is not None:
        return genome
    return 1 if rank is None else rank


def _print(document: CheckedGenome) -> None:
    console = screen()
    console.print(
        f"genome      {document.fingerprint}, {document.strategy}, place {document.rank} of run "
        f"{document.run}; {document.trials:,} trials on its candles",
        soft_wrap=True,
    )
    beside = console.width >= _WIDE
    console.print(_table(document, beside=beside))
    for line in () if beside else document.checks:
        console.print(Text.assemble((f"{line.name}  ", "bold"), line.sentence), soft_wrap=True)
    told = [line.outcome is CheckOutcome.PASS for line in document.checks if line.counts_trials]
    console.print(
        f"{document.passed} passed, {document.failed} failed, {document.not_applicable} not applicable"
        + (f"; of {len(told)} that know of all trials, {sum(told)} passed" if told else ""),
        soft_wrap=True,
    )


def _table(document: CheckedGenome, *, beside: bool) -> Table:
    """Return the checks as a table, with their sentences beside the figures or without them."""
    known = robustness_checks()
    table = Table(box=None, header_style="bold", title_justify="left")
    for column in ("check", "figure", "threshold", "outcome", *(["what was found"] if beside else [])):
        table.add_column(column, justify="right" if column in {"figure", "threshold"} else "left")
    for line in document.checks:
        table.add_row(
            Text(line.name, "bold"),
            known[line.name].writes(line.figure),
            known[line.name].writes(line.threshold),
            Text(line.outcome, _STYLES[line.outcome]),
            *([line.sentence] if beside else []),
        )
    return table
