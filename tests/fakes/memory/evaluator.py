"""Genomes scored in this process, one after the other."""

from collections.abc import Callable, Sequence

from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome
from genepool.ports import BatchFinished


class MemoryEvaluator:
    """``EvaluateGenomes`` around a plain function.

    Parameters
    ----------
    score
        Evaluates one genome.
    batch_size
        Genomes a batch.

    Attributes
    ----------
    evaluated
        Every genome evaluated so far, in order.
    """

    def __init__(self, score: Callable[[Genome], Evaluation], batch_size: int = 8) -> None:
        self.evaluated: list[Genome] = []
        self._score = score
        self._batch_size = batch_size

    def evaluate(self, genomes: Sequence[Genome], batch_finished: BatchFinished) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked."""
        done: list[Evaluation] = []
        for start in range(0, len(genomes), self._batch_size):
            batch = genomes[start : start + self._batch_size]
            self.evaluated.extend(batch)
            results = [self._score(genome) for genome in batch]
            done.extend(results)
            batch_finished(results)
        return done

    def close(self) -> None:
        """Do nothing: there are no processes to end."""
