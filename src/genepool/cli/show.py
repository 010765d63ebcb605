"""``genepool show``: a past run, or one genome of it."""

from typing import Annotated

import typer

from genepool.adapters.console import board_table, leaderboard_table, summary_panel
from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._exam_lines import exam_lines
from genepool.cli._genome_page import genome_page
from genepool.cli._null_lines import null_lines
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.cli._run_lines import tell_lines
from genepool.pool.commands import reproduce_command, resume_command
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.describe_run import describe_run, judged_if_possible, nulls_of
from genepool.usecases.genome_document import genome_document
from genepool.usecases.past_run import PastRun
from genepool.usecases.sealed_exam import exam_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(show)


def show(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")
    ] = "latest",
    genome: Annotated[
        int | None, typer.Option("--genome", metavar="RANK", help="Show this place of the leaderboard.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show a past run: what it was, its leaderboard and the verdict."""
    with open_past_run(run, load_settings(), tell_doubt, program()) as past:
        if genome is not None and as_json:
            print_json(genome_document(genome, past.at(genome), past.summary).as_json())
        elif genome is not None:
            screen().print(genome_page(genome, past.at(genome), past.summary.spec))
        elif as_json:
            print_json(describe_run(past).as_json())
        else:
            _print(past)


def _print(past: PastRun) -> None:
    console, spec = screen(), past.summary.spec
    width = console.width
    for name, text in _facts(past).items():
        console.print(f"{name:<12}{text}", soft_wrap=True, markup=False)
    judged, problem = judged_if_possible(past)
    if judged is None:
        console.print(board_table(past.ranking.best_of_each, spec.annualised_by, width=width))
        console.print(f"no verdict and no comparison with holding: {problem}", soft_wrap=True, markup=False)
    else:
        console.print(leaderboard_table(judged, width=width))
        ladder, _ = past.climbed(judged, program())
        console.print(summary_panel(spec, judged, ladder, width=width))
    if (nulls := nulls_of(past)) is not None:
        tell_lines(console, null_lines(nulls))
    if (sat := exam_of(past)) is not None:
        tell_lines(console, {"exam": exam_lines(sat)["exam"]})
    if past.pruned:
        console.print(past.pruned, soft_wrap=True, markup=False)
    if past.summary.state == "finished":
        console.print(f"repeat with  {reproduce_command(spec, program())}", soft_wrap=True, markup=False)
    else:
        console.print(f"resume with  {resume_command(spec.run, program())}", soft_wrap=True, markup=False)


def _facts(past: PastRun) -> dict[str, str]:
    summary, spec = past.summary, past.summary.spec
    shares = ", ".join(f"{name} {count}" for name, count in past.species.items())
    return {
        "run": f"{spec.run}, {summary.state}, started {summary.started_at[:16].replace('T', ' ')} UTC",
        "market": f"{spec.symbol} {spec.timeframe}, from {spec.data}" + (", synthetic" * spec.synthetic),
        "candles": f"{spec.candles:,}, the last {spec.split.holdout:.0%} sealed",
        "search": f"{summary.generations} of {spec.settings.generations} generations of "
        f"{spec.settings.population_size}, {summary.evaluations:,} evaluations, seed {spec.seed}, "
        f"objective {spec.objective}, optimizer {spec.settings.optimizer}",
        **({"kept apart": spec.holdings.said} if spec.holdings else {}),
        "species": shares or ("pruned" if past.pruned else "none yet"),
        "digest": summary.digest or "none yet",
    }
