"""Whether a champion is stable: what the checks of the verdict's fourth rung say; nothing is evaluated."""

from collections.abc import Sequence

from genepool.backtest.problem import Problem
from genepool.errors import ConfigError
from genepool.evolution.population import Individual
from genepool.pool.examining import examined, reading, subject_of
from genepool.pool.variants import Variants
from genepool.ports import EvaluationHistory
from genepool.robustness.checks import robustness_checks
from genepool.robustness.ladder import STABILITY_CHECKS, StabilityFindings
from genepool.robustness.neighbourhood import Tried


def stability_of(
    problem: Problem, board: Sequence[Individual], tried: Tried, history: EvaluationHistory, seed: int
) -> StabilityFindings | None:
    """Return what they found; the champion is traded again, and its neighbours are looked up.

    Parameters
    ----------
    problem
        What the run was scored against.
    board
        The first of its leaderboard, the champion first.
    tried
        Finds evaluations of the run.
    history
        Knows the neighbours that a report, or the check itself, has evaluated.
    seed
        Of the run.

    Returns
    -------
    StabilityFindings or None
        None without a champion, or for one that cannot be traded by today's rules.
    """
    if not board or board[0].evaluation.scored is None:
        return None
    variants = Variants(problem)
    try:
        subject = subject_of(problem, board[0], board, tried, variants, seed)
    except ConfigError:
        return None
    known = robustness_checks()
    asked = [known[name] for name in STABILITY_CHECKS]
    found = examined(asked, subject, variants, reading(history), lambda: 1)
    return [(name, finding) for name, (_, finding) in found.items()]
