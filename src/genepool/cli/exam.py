"""``genepool exam``: spend the sealed candles of a run on its champion, once."""

import sys
from typing import Annotated

import typer

from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._exam_lines import ahead_lines, exam_lines, looks_lines, unsealed_lines
from genepool.cli._output import aside, print_json, screen, tell_doubt
from genepool.cli._run_lines import tell_lines
from genepool.errors import ConfigError
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.document import Document
from genepool.usecases.exam_document import market_exams
from genepool.usecases.past_run import PastRun
from genepool.usecases.sealed_exam import RunExam, exam_ahead, exam_of, sit_exam, unseal_exam


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(exam)


def exam(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")
    ] = "latest",
    *,
    unseal: Annotated[
        bool,
        typer.Option("--unseal", help="Show all of the sealed candles; no exam on the market counts then."),
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="List all looks at the sealed candles of the run's market.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask for no confirmation.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Have a run's champion sit the exam on its sealed candles: it is told whether it passed, once."""
    if listed and unseal:
        raise ConfigError("--list only looks, and --unseal changes the market for good: leave one out")
    with open_past_run(run, load_settings(), tell_doubt, program()) as past:
        if listed:
            spec = past.summary.spec
            looks = past.history.exams.sealed_looks(spec.market_digest)
            found = market_exams(spec.market_digest, spec.symbol, spec.timeframe, looks)
            _tell(found, looks_lines(found), as_json=as_json)
        elif unseal:
            _agree(past, "unseal", yes=yes)
            shown = unseal_exam(past, program())
            _tell(shown, unsealed_lines(shown), as_json=as_json)
        else:
            if exam_of(past) is None:
                _agree(past, "sit", yes=yes)
            sat = sit_exam(past, program())
            _tell(RunExam(past.name, sat), {"run": past.name, **exam_lines(sat)}, as_json=as_json)


def _agree(past: PastRun, what: str, *, yes: bool) -> None:
    """Say what is spent, and ask a user at a terminal; a program says ``--yes``."""
    if what == "unseal" and _is_unsealed(past):
        return
    tell_lines(aside(), ahead_lines(exam_ahead(past, program()), what))
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError(f"nothing was spent: repeat the command with --yes to {what} the exam")
    if not typer.confirm(f"{what} the exam?", err=True):
        raise ConfigError("nothing was spent")


def _is_unsealed(past: PastRun) -> bool:
    looks = past.history.exams.sealed_looks(past.summary.spec.market_digest)
    return any(look.what == "unsealed" for look in looks)


def _tell(document: Document, lines: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json(document.as_json())
    else:
        tell_lines(screen(), lines)
