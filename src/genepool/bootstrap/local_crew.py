"""The workers of this machine, as a crew that several runs share."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.placement import Placement
from genepool.bootstrap.pools import local_evaluator
from genepool.crews.asked import Side
from genepool.genome import Genome
from genepool.ports import BatchFinished, Evaluator, Watcher


class LocalCrew:
    """Workers of this machine that start with the first run, and stay for the next.

    Parameters
    ----------
    placement
        How many, and how much of the machine they may use.
    desk
        Asked for another share, and told of what was measured.
    watcher
        Told of all work.
    """

    def __init__(self, placement: Placement, desk: NodeDesk, watcher: Watcher) -> None:
        self.workers = placement.workers
        self._placement = placement
        self._desk = desk
        self._watcher = watcher
        self._held: LocalEvaluator | None = None
        self._lock = threading.Lock()

    def evaluator(self, _watcher: Watcher, interrupted: Callable[[], bool], weight: float) -> Evaluator:
        """Return the evaluator for one run; runs at once share the workers' time by their weights."""
        with self._lock:
            if self._held is None:
                self._held = local_evaluator(self._placement, self._desk, self._watcher)
            return _OfOneRun(self._held, Side(None, interrupted, weight))

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            held.close()


@dataclass(frozen=True, slots=True)
class _OfOneRun:
    """``Evaluator`` of one run, whose end leaves the workers to the others."""

    shared: LocalEvaluator
    side: Side

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked."""
        return self.shared.evaluate(problem, genomes, batch_finished, self.side)

    def close(self) -> None:
        """Leave the workers to the next run."""
