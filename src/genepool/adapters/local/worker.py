"""What runs inside a worker process: one problem, a warm indicator bank, and a watch on the parent."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TypeAlias

from genepool.adapters.local.parcel import SentProblem
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank

# The signature of genepool.backtest.evaluate.evaluate_batch.
Score: TypeAlias = Callable[[Problem, Sequence[Genome], IndicatorBank], list[Evaluation]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker keeps between batches.

    Parameters
    ----------
    problem
        What genomes are scored against.
    score
        How a batch is scored.
    bank
        Indicator rows of the problem's candles; it stays warm from batch to batch.
    """

    problem: Problem
    score: Score
    bank: IndicatorBank

    @classmethod
    def of(cls, problem: Problem, score: Score) -> "Desk":
        """Return a desk with an empty bank."""
        return cls(problem, score, IndicatorBank(problem.candles))

    def evaluate(self, genomes: Sequence[Genome]) -> list[Evaluation]:
        """Score one batch, in the order asked."""
        return self.score(self.problem, genomes, self.bank)


# One desk per worker process; the process pool offers no other place for what its initializer makes.
_desks: list[Desk] = []


def start(sent: SentProblem, score: Score) -> None:
    """Prepare this worker process; the pool calls it once."""
    # Ctrl-C reaches the whole process group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, args=(sent,), name="parent-watch", daemon=True).start()
    _desks[:] = [Desk.of(sent.opened(), score)]


def evaluate(genomes: Sequence[Genome]) -> list[Evaluation]:
    """Score one batch in this worker process."""
    return _desks[0].evaluate(genomes)


def _follow_parent(sent: SentProblem) -> None:
    # A parent killed by SIGKILL tells nobody, and a worker that waits for its queue would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        sent.discard()
        os._exit(1)
