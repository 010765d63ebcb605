"""A crew of spawned worker processes on this machine, replaced when one of them dies or hangs."""

import math
import multiprocessing
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from genepool.adapters.local import worker
from genepool.adapters.local.machine import read_machine
from genepool.adapters.local.main_module import main_left_out
from genepool.adapters.local.own_seconds import OwnSeconds
from genepool.adapters.local.parcel import SentProblems
from genepool.adapters.local.signals import interrupts_held_back, kill
from genepool.adapters.local.threads import cap_library_threads
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer
from genepool.crews.crew import Departure, Joined, WorkerAnswer
from genepool.crews.encoding import pack_genomes
from genepool.errors import GenepoolError
from genepool.genome import Genome
from genepool.ports import Seat

SEAT = Seat("this machine", "local")
# Processes that die before they have started, for each worker that is wanted.
_START_ATTEMPTS = 3
_END_SECONDS = 5.0


@dataclass(eq=False)
class _Worker:
    """A process, its connection, and a thread that sends: a full pipe must keep nobody waiting."""

    number: int
    process: BaseProcess
    # The connections of the systems have no type in common.
    connection: Any
    sending: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "local-sending"))
    started: bool = False

    def send(self, task: worker.Task) -> None:
        # That the process is gone is heard when its connection ends.
        self.sending.submit(self.connection.send_bytes, ForkingPickler.dumps(task))

    def hang_up(self) -> None:
        """Close the connection behind what is being sent; a process that waits for more then ends."""
        self.sending.submit(self.connection.close)
        self.sending.shutdown(wait=False)


class ProcessCrew:
    """``Crew`` of worker processes, which start when they are first needed and stay.

    Parameters
    ----------
    make_scorer
        How the genomes of a problem are scored.
    workers
        Number of processes; fewer while the share keeps fewer busy.
    cores
        Cores of this machine that may be used; infinite for no limit.
    share
        How much of these may work.
    """

    meet_seconds = 0.0

    def __init__(
        self, make_scorer: MakeScorer, workers: int, cores: float = math.inf, share: float = 1.0
    ) -> None:
        self._make_scorer = make_scorer
        self._cores, self._share = cores, share
        self._own = OwnSeconds()
        self._most = workers
        self._wanted = self._busy(share)
        self._parcels = SentProblems()
        self._context = multiprocessing.get_context("spawn")
        self._numbers = count()
        self._workers: dict[int, _Worker] = {}
        self._joined: list[Joined] = []
        self._failed_starts = 0

    @property
    def seats(self) -> list[Seat]:
        """The seats of all workers that have started."""
        return [SEAT for one in self._workers.values() if one.started]

    def seat(self, _number: int) -> Seat:
        """Return the seat of any worker."""
        return SEAT

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Have a problem ready for workers.

        Raises
        ------
        StoreError
            When there is no room for temporary files.
        """
        self._parcels.hold(problem, needed)

    def departures(self, _now: float) -> list[Departure]:
        """Return none: this machine stays."""
        return []

    def recruit(self, _now: float) -> list[Joined]:
        """Start the workers that are missing; return those that have started since.

        Raises
        ------
        GenepoolError
            When new workers die as soon as they start, and no other is there.
        """
        missing = self._wanted - len(self._workers)
        if missing and self._failed_starts < _START_ATTEMPTS * self._wanted:
            self._start(missing)
        elif not self._workers:
            self._failed_starts = 0
            raise GenepoolError(
                "worker processes die as soon as they start: look at the messages above, check the free "
                "memory, or run with --workers 1"
            )
        joined, self._joined = self._joined, []
        return joined

    def fill(self, _node: str, share: float) -> None:
        """Start more processes where a larger share keeps more of them busy; end none for a smaller one."""
        self._wanted = max(self._wanted, self._busy(share))

    def mustering(self, _now: float) -> bool:
        """Have no worker wait for others."""
        return False

    def hand(self, number: int, batch: int, problem: str, genomes: Sequence[Genome]) -> None:
        """Give a worker a batch of genomes of a problem."""
        self._workers[number].send(worker.Task(batch, self._parcels[problem], pack_genomes(genomes)))

    def answers(self, seconds: float) -> list[WorkerAnswer]:
        """Wait for answers, at most so long; a worker that starts, or cannot, ends the waiting too."""
        by_connection: dict[Any, _Worker] = {one.connection: one for one in self._workers.values()}
        ready = [by_connection[one] for one in wait(list(by_connection), seconds)]
        heard = [answer for one in ready if (answer := self._read(one)) is not None]
        return sorted(heard, key=lambda answer: answer.reply is None)

    def own_seconds(self) -> Mapping[str, float]:
        """Return the CPU seconds of this process since it was last asked."""
        return {SEAT.node: self._own.since_asked()}

    def end(self, number: int) -> None:
        """Kill a worker."""
        one = self._workers.pop(number, None)
        if one is not None:
            kill(one.process)
            one.hang_up()

    def dismiss(self) -> list[int]:
        """Let all workers go, and wait until they are gone; return the numbers of those that were ready."""
        workers, self._workers, self._joined = list(self._workers.values()), {}, []
        for one in workers:
            if not one.started:
                kill(one.process)
            one.hang_up()
        for one in workers:
            one.process.join(_END_SECONDS)
            # It may still be at a batch that nobody waits for.
            kill(one.process)
            one.process.join()
        return [one.number for one in workers if one.started]

    def close(self) -> None:
        """End the processes and delete the files; may be called twice."""
        self.dismiss()
        self._parcels.discard()

    def _busy(self, share: float) -> int:
        return self._most if share >= 1.0 else min(self._most, max(1, math.ceil(share * self._cores - 1e-9)))

    def _start(self, missing: int) -> None:
        # Making a lock starts Python's resource tracker, which unblocks Ctrl-C: that first.
        self._context.Lock()
        with _fit_for_children(self._wanted):
            for number in [next(self._numbers) for _ in range(missing)]:
                ours, theirs = self._context.Pipe()
                process = self._context.Process(
                    target=worker.work,
                    args=(theirs, self._parcels.folder, self._make_scorer),
                    name=f"genepool-worker-{number}",
                    daemon=True,
                )
                process.start()
                # Once the process has died nobody holds this end, and ours tells so.
                theirs.close()
                self._workers[number] = _Worker(number, process, ours)

    def _read(self, one: _Worker) -> WorkerAnswer | None:
        """Return what a worker says to a batch, or that it is lost; None when it only starts, or cannot."""
        try:
            message: worker.Message = one.connection.recv()
        except (EOFError, OSError):
            if one.started:
                return WorkerAnswer(one.number, 0, None, "worker_died")
            self._failed_starts += 1
            self.end(one.number)
            return None
        if message is not None:
            return WorkerAnswer(one.number, message[0], message[1], None)
        one.started, self._failed_starts = True, 0
        self._joined.append(Joined(one.number, SEAT, self._cores, self._share))
        return None


@contextmanager
def _fit_for_children(workers: int) -> Iterator[None]:
    """Make what spawned processes inherit right: capped libraries, and no Ctrl-C while they start."""
    before = dict(os.environ)
    cap_library_threads(most=max(1, read_machine().cores // workers))
    try:
        with interrupts_held_back(), main_left_out():
            yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
