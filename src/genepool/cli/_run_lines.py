"""What a session of a run says before its first generation and after everything."""

from collections.abc import Mapping

from rich.console import Console

from genepool.history import RunSpec
from genepool.market.costs import NOT_CHARGED
from genepool.market.default_costs import CRYPTO, default_costs_of, describe_costs
from genepool.pool.commands import reproduce_command
from genepool.pool.planning import Plan
from genepool.program import program
from genepool.usecases.conclude_run import Concluded
from genepool.usecases.market_costs import origin_of_costs


def announce(console: Console, plan: Plan, evaluation: str) -> None:
    """Say what the run is and where it is evaluated."""
    spec, problem = plan.spec, plan.problem
    bred = problem.in_sample[1] - problem.in_sample[0]
    kind = ", synthetic" if spec.synthetic else ""
    sealed = spec.candles - len(problem.candles)
    lines = {
        "run": spec.run,
        "market": f"{spec.symbol} {spec.timeframe}{kind}, from {spec.data}",
        "candles": f"{spec.candles:,}: {bred:,} in sample, {len(problem.folds)} walk-forward folds, "
        f"{sealed:,} sealed",
        "costs": f"{describe_costs(spec.costs)} ({origin_of_costs(spec.costs, _market(spec))})",
        "not charged": NOT_CHARGED,
        "strategies": ", ".join(spec.strategies),
        "objective": spec.objective,
        "kept apart": spec.holdings.said if spec.holdings else "",
        "optimizer": spec.settings.optimizer,
        "evaluation": evaluation,
    }
    tell_lines(console, lines)
    for name, reason in spec.left_out:
        tell_lines(console, {"left out": f"{name}: {reason}"})


def sign_off(console: Console, spec: RunSpec, concluded: Concluded) -> None:
    """Say how the run ended, where its report is and what repeats it."""
    tell_lines(
        console,
        {
            "stopped by": concluded.document.stopped_by,
            "report": concluded.document.report or "",
            "repeat with": reproduce_command(spec, program()),
            "run digest": concluded.document.digest,
        },
    )


def _market(spec: RunSpec) -> str:
    """Return the kind of market; in runs of before it was noted, what was not known was crypto."""
    return (default_costs_of(spec.symbol) or CRYPTO).name if spec.market is None else spec.market


def tell_lines(console: Console, lines: Mapping[str, str]) -> None:
    """Print each text behind its word; one without a text is left out."""
    for name, text in lines.items():
        if text:
            console.print(f"{name:<12}{text}", markup=False, soft_wrap=True)
