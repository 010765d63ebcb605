"""A pool of spawned worker processes that can be restarted when one of them dies."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress

from genepool.adapters.local import worker
from genepool.adapters.local.machine import read_machine
from genepool.adapters.local.parcel import SentProblems
from genepool.adapters.local.signals import interrupts_held_back
from genepool.adapters.local.threads import cap_library_threads
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer
from genepool.errors import GenepoolError
from genepool.genome import Genome

_START_ATTEMPTS = 3


class LocalCrew:
    """Worker processes, which start with the first batch and stay for those of other problems.

    Parameters
    ----------
    make_scorer
        How the genomes of a problem are scored.
    workers
        Number of processes.
    """

    def __init__(self, make_scorer: MakeScorer, workers: int) -> None:
        self._parcels = SentProblems()
        self._make_scorer = make_scorer
        self._workers = workers
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, problem: Problem, genomes: Sequence[Genome]) -> "Future[list[Evaluation]]":
        """Hand one batch out; the future fails with ``BrokenProcessPool`` when a worker died."""
        sent = self._parcels.sent(problem)
        try:
            return self._running().submit(worker.evaluate, sent, genomes)
        except BrokenProcessPool as error:
            refused: Future[list[Evaluation]] = Future()
            refused.set_exception(error)
            return refused

    def restart(self) -> None:
        """Replace all workers.

        Raises
        ------
        GenepoolError
            When the new ones die before they have done anything.
        """
        for _ in range(_START_ATTEMPTS):
            self._stop()
            with suppress(BrokenProcessPool):
                self._running().submit(worker.ready).result()
                return
        self._stop()
        raise GenepoolError(
            "worker processes die as soon as they start: look at the messages above, check the free "
            "memory, or run with --workers 1"
        )

    def close(self) -> None:
        """Wait for running batches and end the processes; may be called twice."""
        self._stop()
        self._parcels.discard()

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            # Making the pool's queues starts Python's resource tracker, which unblocks Ctrl-C: that first.
            self._executor = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=worker.start,
                initargs=(self._parcels.folder, self._make_scorer),
            )
            with _fit_for_children(self._workers):
                # The pool starts one process for each task that finds none idle.
                for _ in range(self._workers):
                    self._executor.submit(worker.ready)
        return self._executor


@contextmanager
def _fit_for_children(workers: int) -> Iterator[None]:
    """Make what spawned processes inherit right: capped libraries, and no Ctrl-C while they start."""
    before = dict(os.environ)
    cap_library_threads(most=max(1, read_machine().cores // workers))
    try:
        with interrupts_held_back():
            yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
