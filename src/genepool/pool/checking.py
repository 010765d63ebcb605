"""Robustness checks carried out: what they propose is evaluated, and counted as trials."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer, WarmScorers
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.history import champion_of
from genepool.robustness.checks import Answer, Check
from genepool.robustness.neighbourhood import NeighbourhoodCheck, movable
from genepool.strategies import seed_strategies

Evaluate: TypeAlias = Callable[[Problem, Sequence[Genome]], Sequence[Evaluation]]
# Told of evaluations and of the digest of their problem, as ``EvaluationHistory.remember``.
Remember: TypeAlias = Callable[[str, Sequence[Evaluation]], None]

Finding = TypeVar("Finding")

_AXES = 2


def carried_out(check: Check[Finding], evaluate: Evaluate, remember: Remember) -> Finding:
    """Evaluate what a check proposes until it asks for no more, count it, and return what it finds.

    Parameters
    ----------
    check
        The check.
    evaluate
        Evaluates genomes on a problem, in the order asked.
    remember
        Told once of each problem's evaluations, before the check judges: they are trials.
    """
    answers: list[Answer] = []
    while (proposal := check.ask(answers)) is not None:
        answers.append(Answer(proposal, tuple(evaluate(proposal.problem, proposal.genomes))))
    for digest in dict.fromkeys(answer.proposal.problem.digest for answer in answers):
        posed = (answer for answer in answers if answer.proposal.problem.digest == digest)
        remember(digest, [one for answer in posed for one in answer.evaluations])
    return check.judge(answers)


def neighbourhood_check(
    problem: Problem, newborn: Sequence[tuple[int, Individual]]
) -> NeighbourhoodCheck | None:
    """Return the check of a run's champion; of a run that is whole.

    Parameters
    ----------
    problem
        What its genomes were scored against.
    newborn
        Every individual with the generation that first evaluated it.

    Returns
    -------
    NeighbourhoodCheck or None
        None without a champion, or when its strategy has fewer than two genes to move.
    """
    champion = champion_of(None, (individual for _, individual in newborn))
    if champion is None:
        return None
    strategy = seed_strategies()[champion.genome.strategy]
    if len(movable(strategy)) < _AXES:
        return None
    tried = (individual.evaluation for _, individual in newborn)
    return NeighbourhoodCheck(problem, champion.genome, strategy, tried)


def in_this_process() -> Evaluate:
    """Return what evaluates genomes here, its indicator rows kept from one proposal to the next."""
    return partial(_evaluated, WarmScorers())


def _evaluated(scorers: WarmScorers, problem: Problem, genomes: Sequence[Genome]) -> Sequence[Evaluation]:
    return scorers.scorer(problem.digest, partial(Scorer, problem)).evaluate(genomes)
