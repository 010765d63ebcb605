"""Hands batches to a crew, and gets every genome answered although workers die or a user stops."""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TypeAlias

from genepool.adapters.local.crew import LocalCrew
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.errors import Interrupted
from genepool.genome import Genome
from genepool.ports import BatchFinished

# Positions of the batch's genomes in the order asked.
Batch: TypeAlias = list[int]

_ATTEMPTS_ALONE = 2
_DIED = "the worker process died each time that it evaluated this genome"


class Answers:
    """Evaluations as they come in, and who wants to hear of them.

    Parameters
    ----------
    genomes
        What was asked for.
    batch_finished
        Told of every batch.
    """

    def __init__(self, genomes: Sequence[Genome], batch_finished: BatchFinished) -> None:
        self._genomes = genomes
        self._batch_finished = batch_finished
        self._found: dict[int, Evaluation] = {}

    def genomes(self, batch: Batch) -> list[Genome]:
        """Return the genomes of a batch."""
        return [self._genomes[position] for position in batch]

    def report(self, batch: Batch, evaluations: Sequence[Evaluation]) -> None:
        """Keep a batch's evaluations and pass them on.

        Raises
        ------
        Interrupted
            When the listener wants to stop.
        """
        self._found.update(zip(batch, evaluations, strict=True))
        self._batch_finished(evaluations)

    def in_order(self) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked."""
        return [self._found[position] for position in range(len(self._genomes))]


class Dispatch:
    """One round of batches through a crew.

    Parameters
    ----------
    crew
        Who evaluates.
    problem
        What genomes are scored against.
    answers
        Where evaluations go.
    window
        Batches handed out at once: one more than there are workers keeps all of them busy, and
        few enough are lost when a worker dies.
    """

    def __init__(self, crew: LocalCrew, problem: Problem, answers: Answers, window: int) -> None:
        self._crew = crew
        self._problem = problem
        self._answers = answers
        self._window = window
        self._running: dict[Future[list[Evaluation]], Batch] = {}

    def run(self, plan: Iterable[Batch]) -> None:
        """Evaluate all batches.

        Raises
        ------
        Interrupted
            When the listener wanted to stop; running batches have been waited for and reported.
        """
        waiting = deque(plan)
        try:
            while waiting or self._running:
                while waiting and len(self._running) < self._window:
                    self._hand_out(waiting.popleft())
                wait(self._running, return_when=FIRST_COMPLETED)
                for batch in self._collect():
                    self._isolate(batch)
        except Interrupted:
            self._drain()
            raise
        finally:
            for future in self._running:
                future.cancel()

    def _hand_out(self, batch: Batch) -> None:
        self._running[self._crew.submit(self._problem, self._answers.genomes(batch))] = batch

    def _collect(self) -> list[Batch]:
        """Report finished batches; return those that were lost, with a crew ready to repeat them."""
        lost = self._report_finished()
        if lost:
            wait(self._running)
            lost += self._report_finished()
            self._crew.restart()
        return lost

    def _report_finished(self) -> list[Batch]:
        lost = []
        for future in [future for future in self._running if future.done()]:
            batch = self._running.pop(future)
            if isinstance(future.exception(), BrokenProcessPool):
                lost.append(batch)
            else:
                self._answers.report(batch, future.result())
        return lost

    def _isolate(self, batch: Batch) -> None:
        """Repeat a lost batch with nothing beside it, and if it kills again, each of its genomes so."""
        for _ in range(1 if len(batch) > 1 else _ATTEMPTS_ALONE):
            future = self._crew.submit(self._problem, self._answers.genomes(batch))
            if not isinstance(future.exception(), BrokenProcessPool):
                self._answers.report(batch, future.result())
                return
            self._crew.restart()
        if len(batch) == 1:
            failed = [Evaluation(genome, None, _DIED, lost=True) for genome in self._answers.genomes(batch)]
            self._answers.report(batch, failed)
            return
        for position in batch:
            self._isolate([position])

    def _drain(self) -> None:
        for future in self._running:
            future.cancel()
        for future, batch in self._running.items():
            if not future.cancelled() and future.exception() is None:
                with suppress(Interrupted):
                    self._answers.report(batch, future.result())
