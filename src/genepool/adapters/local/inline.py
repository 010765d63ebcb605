"""A crew of one: this process itself evaluates, when it would wait for an answer."""

import math
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from genepool.adapters.local.own_seconds import OwnSeconds
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer
from genepool.crews.crew import Departure, Joined, WorkerAnswer
from genepool.crews.encoding import SentGenome, pack_genomes
from genepool.crews.held import HeldProblems
from genepool.crews.scoring import BatchScorer
from genepool.genome import Genome
from genepool.ports import Seat

SEAT = Seat("this machine", "local")


@dataclass(frozen=True, slots=True)
class _Task:
    number: int
    batch: int
    problem: Problem
    genomes: Sequence[SentGenome]


class InlineCrew:
    """``Crew`` without processes: a genome that crashes the interpreter ends the run.

    Parameters
    ----------
    make_scorer
        How the genomes of a problem are scored.
    cores
        Cores of this machine that may be used; infinite for no limit.
    share
        How much of these may work.
    """

    meet_seconds = 0.0

    def __init__(self, make_scorer: MakeScorer, cores: float = math.inf, share: float = 1.0) -> None:
        self._make_scorer = make_scorer
        self._joined = Joined(0, SEAT, cores, share)
        self._own = OwnSeconds()
        self._held: HeldProblems[Problem] = HeldProblems(lambda problem: problem, lambda _: None)
        self._scorer = BatchScorer()
        self._tasks: deque[_Task] = deque()
        self._number = 0
        self._seated = False

    @property
    def seats(self) -> list[Seat]:
        """The seat, once it was taken."""
        return [SEAT] if self._seated else []

    def seat(self, _number: int) -> Seat:
        """Return the seat."""
        return SEAT

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Keep a problem; others may go for it."""
        self._held.hold(problem, needed)

    def departures(self, _now: float) -> list[Departure]:
        """Return none: this process stays."""
        return []

    def recruit(self, _now: float) -> list[Joined]:
        """Take the seat unless it is taken."""
        if self._seated:
            return []
        self._seated = True
        self._number += 1
        return [replace(self._joined, number=self._number)]

    def fill(self, _node: str, _share: float) -> None:
        """Stay one, whatever the share."""

    def mustering(self, _now: float) -> bool:
        """Wait for nobody."""
        return False

    def hand(self, number: int, batch: int, problem: str, genomes: Sequence[Genome]) -> None:
        """Take a batch, to be evaluated when its answer is asked for."""
        self._tasks.append(_Task(number, batch, self._held[problem], pack_genomes(genomes)))

    def answers(self, seconds: float) -> list[WorkerAnswer]:
        """Evaluate the next batch, however long it takes; wait where there is none."""
        if not self._tasks:
            time.sleep(seconds)
            return []
        # It leaves the queue only when it is done: whatever breaks in must not lose it.
        task = self._tasks[0]
        reply = self._scorer.evaluate(
            task.problem.sent_as, lambda: self._make_scorer(task.problem), task.genomes
        )
        self._tasks.popleft()
        # What it used is told by ``own_seconds``.
        return [WorkerAnswer(task.number, task.batch, replace(reply, cpu=0.0), None)]

    def own_seconds(self) -> Mapping[str, float]:
        """Return the CPU seconds of this process since it was last asked."""
        return {SEAT.node: self._own.since_asked()}

    def end(self, _number: int) -> None:
        """Leave the seat; what is queued is forgotten."""
        self.dismiss()

    def dismiss(self) -> list[int]:
        """Leave the seat, and forget what is queued and kept."""
        left = [self._number] if self._seated else []
        self._seated = False
        self._tasks.clear()
        self._scorer.forget()
        return left

    def close(self) -> None:
        """Let go of all memory; may be called twice."""
        self.dismiss()
        self._held.clear()
