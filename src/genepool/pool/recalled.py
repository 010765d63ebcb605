"""The fitness cache that the history is: asked for the genomes at hand, never read as a whole."""

from collections.abc import Sequence

from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome
from genepool.ports import EvaluationHistory


class RecalledEvaluations:
    """``FitnessCache`` over the history; a history of a million evaluations costs a start nothing.

    Parameters
    ----------
    store
        The history.
    problem_digest
        What the evaluations were made on.
    """

    def __init__(self, store: EvaluationHistory, problem_digest: str) -> None:
        self._store = store
        self._problem_digest = problem_digest
        self._latest: dict[str, Evaluation] = {}

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        """Return what is known, by fingerprint.

        Raises
        ------
        StoreError
            When the history cannot be read.
        """
        names = [genome.fingerprint for genome in genomes]
        held = {name: self._latest[name] for name in names if name in self._latest}
        missing = [name for name in names if name not in held]
        return held | dict(self._store.evaluations(self._problem_digest, missing))

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        """Hold the latest evaluations only: their generation is about to be recorded."""
        self._latest = {evaluation.genome.fingerprint: evaluation for evaluation in evaluations}
