"""Measures, while a run is bred, how overfitted the best of its kept sample is."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from genepool.adapters.local.machine import read_machine, usable_cores
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.pool.kept_sample import KeptSample, SampleReturns
from genepool.pool.planning import Plan
from genepool.ports import (
    Event,
    GenerationFinished,
    OverfittingMeasured,
    RunClosing,
    RunEnded,
    RunStarted,
    Watcher,
)

# Of this machine's cores, while the run is bred.
_SHARE = 0.015
_MOST_OF_A_CORE = 0.5
# Of the time that the run took, to wait for its last figure.
_PATIENCE = 0.005


@dataclass(frozen=True, slots=True)
class _Sampled:
    """Who was in the sample after a generation."""

    generation: int
    genomes: tuple[Genome, ...]


def share_of(cores: float) -> float:
    """Return how much of one core may be used on a machine of so many, besides what breeding takes."""
    return min(_MOST_OF_A_CORE, _SHARE * cores)


def rest_after(seconds: float, share: float) -> float:
    """Return how long to rest after so much work, so that it takes no more than its share of a core."""
    return seconds * (1.0 / share - 1.0)


class OverfittingFollower:
    """``Watcher`` of one run that trades its sample in a thread of its own, and tells what that shows.

    A figure depends on the generations alone, and not on when it is worked out: where trading is slower than
    breeding, some generations have none.

    Parameters
    ----------
    plan
        The run.
    watcher
        Told of each figure, until the run has ended.
    share
        Of one core, that may be used while the run is bred.
    seconds
        Monotonic time.
    """

    def __init__(
        self,
        plan: Plan,
        watcher: Watcher,
        share: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan = plan
        self._watcher = watcher
        self._share = share
        self._seconds = seconds
        self._began = seconds()
        self._sample = KeptSample()
        self._newest: _Sampled | None = None
        self._measured: _Sampled | None = None
        self._hurries = self._over = False
        self._changed = threading.Condition()
        self._telling = threading.Lock()

    def recall(self, newborn: Sequence[Individual]) -> None:
        """Take a generation of a resumed run into account; it was recorded before."""
        self._sample.take(newborn)

    def __call__(self, event: Event) -> None:
        """Take a generation into account, or end with the run."""
        match event:
            case RunStarted(population=population) if population is not None:
                self._set(newest=_Sampled(population.generation, self._sample.genomes))
            case GenerationFinished(record=record):
                self._sample.take(record.newborn)
                self._set(newest=_Sampled(record.population.generation, self._sample.genomes))
            case RunClosing():
                # Nobody evaluates any more.
                self._set(hurries=True)
            case RunEnded(state=state):
                if state == "finished":
                    self._wait()
                self.close()

    def close(self) -> None:
        """Tell nothing any more, not even what is worked out now."""
        with self._telling:
            self._set(over=True)

    def work(self) -> None:
        """Measure one generation after the other, the newest first, until the run has ended."""
        try:
            returns = None
            while (sampled := self._next()) is not None:
                returns = returns or SampleReturns(self._plan.problem)
                self._measure(sampled, returns)
        except Exception:  # noqa: BLE001 - a figure beside the run is no reason to fail it
            structlog.get_logger().exception("overfitting_unmeasured", run=self._plan.spec.run)
            self.close()

    def _measure(self, sampled: _Sampled, returns: SampleReturns) -> None:
        for genome in sampled.genomes:
            if not returns.knows(genome):
                with self._resting():
                    returns.trade(genome)
            if self._over:
                return
        with self._resting():
            found = returns.overfitting(sampled.genomes)
            if found is not None:
                self._tell(OverfittingMeasured(self._plan.spec.run, sampled.generation, *found))
            with self._changed:
                self._measured = sampled
                self._changed.notify_all()

    def _tell(self, event: OverfittingMeasured) -> None:
        with self._telling:
            if not self._over:
                self._watcher(event)

    def _next(self) -> _Sampled | None:
        """Wait for a generation that is not measured yet; None once the run has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._newest is not self._measured)
            return None if self._over else self._newest

    @contextmanager
    def _resting(self) -> Iterator[None]:
        """Rest after some work, so that all of it stays within its share."""
        # Of this thread alone: on a busy machine, work that takes long by the clock takes little of it.
        began = time.thread_time()
        yield
        spent = time.thread_time() - began
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or self._hurries, timeout=rest_after(spent, self._share)
            )

    def _wait(self) -> None:
        """Wait for the last figure, for half a hundredth of what the run took."""
        patience = _PATIENCE * (self._seconds() - self._began)
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._newest is self._measured, timeout=patience)

    def _set(self, newest: _Sampled | None = None, *, hurries: bool = False, over: bool = False) -> None:
        with self._changed:
            self._newest = newest or self._newest
            self._hurries = self._hurries or hurries
            self._over = self._over or over
            self._changed.notify_all()


@contextmanager
def overfitting_following(plan: Plan, watcher: Watcher) -> Iterator[OverfittingFollower]:
    """Yield what follows a run while it is bred.

    Parameters
    ----------
    plan, watcher
        As for ``OverfittingFollower``.
    """
    follower = OverfittingFollower(plan, watcher, share_of(usable_cores(read_machine())))
    # Nobody waits for it: a genome may take a while, and what it makes is not told any more.
    threading.Thread(target=follower.work, name="overfitting", daemon=True).start()
    try:
        yield follower
    finally:
        follower.close()
