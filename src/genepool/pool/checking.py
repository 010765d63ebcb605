"""Robustness checks carried out: what they propose is evaluated, and counted as trials."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer, WarmScorers
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.pool.ancestry import Fetch
from genepool.pool.births import Births
from genepool.ports import EvaluationHistory
from genepool.robustness.neighbourhood import Neighbourhood, NeighbourhoodCheck, movable
from genepool.robustness.proposals import Answer, ProposingCheck

Evaluate: TypeAlias = Callable[[Problem, Sequence[Genome]], Sequence[Evaluation]]
# Told of evaluations and of the digest of their problem, as ``EvaluationHistory.remember``.
Remember: TypeAlias = Callable[[str, Sequence[Evaluation]], None]

Finding = TypeVar("Finding")

_AXES = 2


class Searched(Protocol):
    """What a check has to know of a run, such as ``Findings``."""

    @property
    def births(self) -> Births:
        """Everybody's place in it."""

    @property
    def champion(self) -> Individual | None:
        """First of its leaderboard."""


def carried_out(check: ProposingCheck[Finding], evaluate: Evaluate, remember: Remember) -> Finding:
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


def neighbourhood_check(problem: Problem, found: Searched, fetch: Fetch) -> NeighbourhoodCheck | None:
    """Return the check of a run's champion; of a run that is whole.

    Parameters
    ----------
    problem
        What its genomes were scored against.
    found
        Everybody's place in the run, and its champion.
    fetch
        Reads individuals of the run again.

    Returns
    -------
    NeighbourhoodCheck or None
        None without a champion, or when its strategy has fewer than two genes to move.
    """
    if found.champion is None:
        return None
    champion = found.champion.genome
    strategy = problem.strategies[champion.strategy]
    if len(movable(strategy)) < _AXES:
        return None

    def tried(fingerprints: Sequence[str]) -> list[Evaluation]:
        return [individual.evaluation for individual in fetch(found.births.find(fingerprints))]

    return NeighbourhoodCheck(problem, champion, strategy, tried)


def neighbourhood_of(
    problem: Problem, found: Searched, fetch: Fetch, remember: Remember
) -> Neighbourhood | None:
    """Evaluate the champion's neighbours in this process, and count those that the run did not try.

    Parameters
    ----------
    problem, found, fetch
        As ``neighbourhood_check``.
    remember
        As ``carried_out``.

    Returns
    -------
    Neighbourhood or None
        None as ``neighbourhood_check``.
    """
    check = neighbourhood_check(problem, found, fetch)
    return carried_out(check, in_this_process(), remember) if check else None


def neighbourhood_known(
    problem: Problem, found: Searched, fetch: Fetch, history: EvaluationHistory
) -> Neighbourhood | None:
    """Return what the check found when a report was written: nothing is evaluated.

    Returns
    -------
    Neighbourhood or None
        None where not all that it asks for was evaluated before; as ``neighbourhood_check``, too.
    """
    check = neighbourhood_check(problem, found, fetch)

    def known(asked: Problem, genomes: Sequence[Genome]) -> Sequence[Evaluation]:
        names = [genome.fingerprint for genome in genomes]
        kept = history.evaluations(asked.digest, names)
        return [kept[name] for name in names]

    try:
        return carried_out(check, known, lambda *_: None) if check else None
    except KeyError:
        return None


def in_this_process() -> Evaluate:
    """Return what evaluates genomes here, its indicator rows kept from one proposal to the next."""
    return partial(_evaluated, WarmScorers())


def _evaluated(scorers: WarmScorers, problem: Problem, genomes: Sequence[Genome]) -> Sequence[Evaluation]:
    return scorers.scorer(problem.sent_as, partial(Scorer, problem)).evaluate(genomes)
