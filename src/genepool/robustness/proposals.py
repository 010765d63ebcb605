"""A robustness check that proposes genomes, somebody else evaluates them, and it judges the answers.

A check knows neither workers nor history: the use case has its proposals evaluated, and counted as
trials (``genepool.pool.checking``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome

Finding_co = TypeVar("Finding_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Genomes to be evaluated on a problem.

    Parameters
    ----------
    problem
        The run's own, or another one that the check made.
    genomes
        Each once.
    """

    problem: Problem
    genomes: tuple[Genome, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A proposal that was evaluated.

    Parameters
    ----------
    proposal
        What was asked for.
    evaluations
        One per genome, in the order asked.
    """

    proposal: Proposal
    evaluations: tuple[Evaluation, ...]


class ProposingCheck(Protocol[Finding_co]):
    """A check that proposes genomes, without state: equal answers lead to equal proposals and findings."""

    def ask(self, answers: Sequence[Answer]) -> Proposal | None:
        """Return what is to be evaluated next.

        Parameters
        ----------
        answers
            To all earlier proposals, in order.

        Returns
        -------
        Proposal or None
            None when the answers suffice to judge.
        """
        ...

    def judge(self, answers: Sequence[Answer]) -> Finding_co:
        """Return what the answers amount to, once nothing more is asked for."""
        ...
