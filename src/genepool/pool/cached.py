"""The cache in front of an evaluator, so that nothing is paid for twice."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.errors import GenepoolError, StoreError
from genepool.evolution.ordering import sound
from genepool.genome import Genome
from genepool.ports import BatchFinished, FitnessCache

# Returns one evaluation per genome, in the order asked, and tells of every batch.
EvaluateGenomes: TypeAlias = Callable[[Sequence[Genome], BatchFinished], list[Evaluation]]


class CachedEvaluator:
    """Asks the cache first, once a generation, and an evaluator for the rest.

    Parameters
    ----------
    evaluate
        Evaluates what the cache does not know: ``Evaluator.evaluate`` on the problem of the run.
    cache
        Evaluations already paid for.
    remember
        Keeps finished evaluations for good when the generation cannot be ended.

    Attributes
    ----------
    hits
        Genomes of the latest generation that the cache answered.
    """

    def __init__(
        self,
        evaluate: EvaluateGenomes,
        cache: FitnessCache,
        remember: Callable[[Sequence[Evaluation]], None],
    ) -> None:
        self.hits = 0
        self._evaluate = evaluate
        self._cache = cache
        self._remember = remember

    def evaluate(self, genomes: Sequence[Genome], batch_finished: BatchFinished) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked; cached ones are reported first.

        Raises
        ------
        Interrupted
            When ``batch_finished`` raised it; what was finished is remembered.
        """
        known = self._cache.get_many(genomes)
        self.hits = len(known)
        if known:
            batch_finished(list(known.values()))
        missing = [genome for genome in genomes if genome.fingerprint not in known]
        if missing:
            fresh = self._evaluate_missing(missing, batch_finished)
            self._cache.put_many(fresh)
            known |= {evaluation.genome.fingerprint: evaluation for evaluation in fresh}
        return [known[genome.fingerprint] for genome in genomes]

    def _evaluate_missing(self, genomes: Sequence[Genome], batch_finished: BatchFinished) -> list[Evaluation]:
        finished: list[Evaluation] = []

        def note(batch: Sequence[Evaluation]) -> None:
            finished.extend(sound(evaluation) for evaluation in batch)
            batch_finished(batch)

        try:
            return [sound(evaluation) for evaluation in self._evaluate(genomes, note)]
        except GenepoolError:
            # A history that cannot take them costs time, never truth: the first error is what counts.
            with suppress(StoreError):
                self._remember(finished)
            raise
