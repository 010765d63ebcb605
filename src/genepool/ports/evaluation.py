"""Who scores genomes, and what is known of them already."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome

# Told of every finished batch, in the order in which batches finish.
BatchFinished: TypeAlias = Callable[[Sequence[Evaluation]], None]


class Evaluator(Protocol):
    """Scores genomes against any problem; what it starts stays warm for the next one.

    Several threads may ask at once, each for a problem of its own.
    """

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        A genome that cannot be evaluated comes back as a failed evaluation. ``batch_finished`` may
        raise ``Interrupted``: no further batch is started, those that run are waited for and
        reported, and the error passes on.
        """
        ...

    def close(self) -> None:
        """Let go of processes and memory; may be called twice."""
        ...


class FitnessCache(Protocol):
    """Evaluations already paid for; losing it costs time, never truth."""

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        """Return what is known, by fingerprint."""
        ...

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        """Remember evaluations; may forget others."""
        ...
