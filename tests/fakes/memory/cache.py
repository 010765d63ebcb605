"""Evaluations already paid for, in this process."""

from collections.abc import Mapping, Sequence

from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome


class MemoryCache:
    """``FitnessCache`` in a dictionary; it forgets nothing.

    Parameters
    ----------
    known
        What it starts with, by fingerprint: the evaluations that history holds, say.
    """

    def __init__(self, known: Mapping[str, Evaluation] | None = None) -> None:
        self._known = dict(known or {})

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        """Return what is known, by fingerprint."""
        return {
            genome.fingerprint: self._known[genome.fingerprint]
            for genome in genomes
            if genome.fingerprint in self._known
        }

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        """Remember evaluations."""
        self._known.update({evaluation.genome.fingerprint: evaluation for evaluation in evaluations})
