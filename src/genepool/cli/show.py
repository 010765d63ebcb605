"""``genepool show``: a past run, or one genome of it."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from genepool.adapters.console import board_table, leaderboard_table, summary_panel
from genepool.adapters.export.genome import genome_document
from genepool.cli._genome_page import genome_page
from genepool.cli._output import print_json, screen
from genepool.cli._past_run import PastRun, open_past_run
from genepool.cli._run_document import judged_document
from genepool.errors import DataError
from genepool.evolution.population import Population
from genepool.pool.commands import reproduce_command, resume_command
from genepool.pool.judging import Judged
from genepool.program import program

_PLACES = 20
# What is null of a run whose candles are not at hand.
_UNJUDGED = (
    "champion",
    "buy_and_hold",
    "short_and_hold",
    "benchmark",
    "deflated_sharpe",
    "standing",
    "verdict",
)


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
    with open_past_run(run) as past:
        if genome is not None and as_json:
            print_json(genome_document(genome, past.at(genome), past.summary))
        elif genome is not None:
            screen().print(genome_page(genome, past.at(genome), past.summary.spec))
        elif as_json:
            print_json(_document(past))
        else:
            _print(past)


def _judged(past: PastRun) -> tuple[Judged | None, str]:
    try:
        return past.judged(past.plan()), ""
    except DataError as error:
        return None, str(error)


def _print(past: PastRun) -> None:
    console, spec = screen(), past.summary.spec
    width = console.width
    for name, text in _facts(past).items():
        console.print(f"{name:<12}{text}", soft_wrap=True, markup=False)
    judged, problem = _judged(past)
    if judged is None:
        console.print(board_table(past.ranking.best_of_each, spec.annualised_by, width=width))
        console.print(f"no verdict and no comparison with holding: {problem}", soft_wrap=True, markup=False)
    else:
        console.print(leaderboard_table(judged, width=width))
        console.print(summary_panel(spec, judged, width=width))
    if past.pruned:
        console.print(past.pruned, soft_wrap=True, markup=False)
    if past.summary.state == "finished":
        console.print(f"repeat with  {reproduce_command(spec, program())}", soft_wrap=True, markup=False)
    else:
        console.print(f"carry on with  {resume_command(spec.run, program())}", soft_wrap=True, markup=False)


def _facts(past: PastRun) -> dict[str, str]:
    summary, spec = past.summary, past.summary.spec
    species = _species(past.newest())
    shares = ", ".join(f"{name} {count}" for name, count in species.items())
    return {
        "run": f"{spec.run}, {summary.state}, started {summary.started_at[:16].replace('T', ' ')} UTC",
        "market": f"{spec.symbol} {spec.timeframe}, from {spec.data}" + (", synthetic" * spec.synthetic),
        "candles": f"{spec.candles:,}, the last {spec.split.holdout:.0%} sealed",
        "search": f"{summary.generations} of {spec.settings.generations} generations of "
        f"{spec.settings.population_size}, {summary.evaluations:,} evaluations, seed {spec.seed}, "
        f"objective {spec.objective}",
        "species": shares or ("pruned" if past.pruned else "none yet"),
        "digest": summary.digest or "none yet",
    }


def _species(population: Population | None) -> dict[str, int]:
    """Count the members of each species, the largest first."""
    names = [individual.genome.strategy for individual in population.individuals] if population else []
    counts = {name: names.count(name) for name in sorted(set(names))}
    return dict(sorted(counts.items(), key=lambda entry: -entry[1]))


def _document(past: PastRun) -> dict[str, Any]:
    summary, spec = past.summary, past.summary.spec
    judged, problem = _judged(past)
    return {
        "run": spec.run,
        "state": summary.state,
        "digest": summary.digest,
        "started_at": summary.started_at,
        "finished_at": summary.finished_at,
        "pruned_at": summary.pruned_at,
        "spec": asdict(spec),
        "generations": summary.generations,
        "evaluations": summary.evaluations,
        "species": _species(past.newest()),
        "leaderboard": [
            genome_document(rank, individual, summary)
            for rank, individual in enumerate(past.ranking.board[:_PLACES], 1)
        ],
        "trials": past.store.trials(spec.market_digest),
        **(judged_document(judged) if judged else dict.fromkeys(_UNJUDGED)),
        "no_verdict_because": problem or None,
        "reproduce": reproduce_command(spec),
    }
