"""Watch a run that another process breeds, as if it ran here."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from genepool.errors import Interrupted, NotTakenUp, StoreAway, StoreError
from genepool.evolution.engine import stop_reason
from genepool.evolution.population import Individual, best_fitness
from genepool.history import GenerationRecord, RunSpec, RunState, champion_of
from genepool.pool.loop import Outcome
from genepool.pool.recorded import pages, recorded
from genepool.ports import (
    Clock,
    GenerationAdvanced,
    GenerationFinished,
    RunCatalogue,
    RunClosing,
    RunEnded,
    RunLog,
    RunQueue,
    RunStarted,
    Watcher,
)

_PAUSE_SECONDS = 0.5
# A follower that is far behind reads for so long at a time, and then leaves the history to its writer.
_LOOK_SECONDS = 0.5
_REST = 4
_LONGEST_PAUSE_SECONDS = 3.0
_OVER: tuple[RunState, ...] = ("finished", "interrupted", "failed")


@dataclass(frozen=True, slots=True)
class FollowedProgress:
    """Where the coordinator says that the run stands.

    Parameters
    ----------
    done, asked
        Genomes of the generation that is under way.
    read
        Generations read for the digest; None while it is bred.
    """

    done: int
    asked: int
    read: int | None = None


@dataclass
class Follower:
    """Shows a watcher what the history says of a run.

    Parameters
    ----------
    log, catalogue, queue
        Where a run is reopened, what is recorded of it, and where it waits for a coordinator.
    watcher
        Told of each event, as if the run were bred here.
    clock
        For how long the session took.
    pause
        Waits so many seconds.
    progress
        Where the run stands between two generations, when it is known.
    interrupted
        Tells whether the user wants to stop the run.
    occupied
        Tells whether the coordinator is at work, or waits for what its work needs.
    patience
        For how many seconds in a row a run may wait for a coordinator that is not occupied.
    read
        Told each recorded generation once, in order.
    """

    log: RunLog
    catalogue: RunCatalogue
    queue: RunQueue
    watcher: Watcher
    clock: Clock
    pause: Callable[[float], None]
    progress: Callable[[], FollowedProgress | None] = lambda: None
    interrupted: Callable[[], bool] = lambda: False
    occupied: Callable[[], bool] = lambda: False
    patience: float = math.inf
    read: Callable[[GenerationRecord], None] = lambda _: None
    _best: list[float | None] = field(default_factory=list, init=False)
    _evaluated: int = field(default=0, init=False)
    _champion: Individual | None = field(default=None, init=False)
    _asked_to_stop: bool = field(default=False, init=False)
    _ignored_since: float | None = field(default=None, init=False)

    def follow(self, spec: RunSpec) -> Outcome:
        """Submit a recorded run and watch it until it ends; one whose budget is used up stays finished.

        Raises
        ------
        Interrupted
            When it was stopped.
        NotTakenUp
            When no coordinator takes it up; it stays in the queue.
        StoreError
            When the coordinator gave it up, or the history fails for a reason that does not pass.
        """
        began = self.clock.seconds()
        for record in recorded(self.catalogue, spec.run):
            self._note(record)
        population = self.catalogue.last_population(spec.run)
        self._hand_over(spec)
        self.watcher(RunStarted(spec, population, self._champion))
        state = self._watch(spec)
        self.watcher(RunEnded(spec, state))
        if state == "interrupted":
            raise Interrupted(f"run {spec.run} was stopped")
        if state == "failed":
            raise StoreError(
                f"the coordinator gave run {spec.run} up: its log says why (docker compose logs genetic-pool)"
            )
        return self._outcome(spec, began)

    def _hand_over(self, spec: RunSpec) -> None:
        used_up = stop_reason(self._best, self._evaluated, spec.settings)
        if used_up is None and self.catalogue.state(spec.run) == "finished":
            self.log.reopen(spec.run)
        self.queue.submit(spec.run)

    def _watch(self, spec: RunSpec) -> RunState:
        while True:
            began = self.clock.seconds()
            try:
                self._stop_when_asked(spec)
                state = self.catalogue.state(spec.run)
                self._show(spec, math.inf if state in _OVER else began + _LOOK_SECONDS)
            except StoreAway:
                # The coordinator breeds without its history for a while, so the follower waits.
                state = "running"
            if state in _OVER:
                return state
            self._tell_standing(spec)
            self._heed_the_queue(spec, state)
            self.pause(_rest(self.clock.seconds() - began))

    def _heed_the_queue(self, spec: RunSpec, state: RunState) -> None:
        """Give up on a coordinator that leaves the run where it is although nothing keeps it from it."""
        if state != "queued" or self.occupied():
            self._ignored_since = None
            return
        now = self.clock.seconds()
        self._ignored_since = now if self._ignored_since is None else self._ignored_since
        if now - self._ignored_since >= self.patience:
            raise NotTakenUp(f"run {spec.run} waits in the queue, and no coordinator took it up")

    def _tell_standing(self, spec: RunSpec) -> None:
        standing = self.progress()
        if standing is None:
            return
        if standing.read is not None:
            self.watcher(RunClosing(spec, standing.read, len(self._best)))
        elif standing.asked:
            self.watcher(GenerationAdvanced(standing.done, standing.asked))

    def _stop_when_asked(self, spec: RunSpec) -> None:
        if self.interrupted() and not self._asked_to_stop:
            self.queue.request_stop(spec.run)
            self._asked_to_stop = True

    def _show(self, spec: RunSpec, until: float) -> None:
        """Tell of generations that are new since, the rest another time when it takes too long."""
        for page in pages(self.catalogue, spec.run, len(self._best)):
            for record in page:
                self.watcher(GenerationFinished(spec, record))
                self._note(record)
            if self.clock.seconds() >= until:
                break

    def _note(self, record: GenerationRecord) -> None:
        self.read(record)
        self._best.append(best_fitness(record.population))
        self._champion = champion_of(self._champion, record.newborn)
        self._evaluated += len(record.newborn)

    def _outcome(self, spec: RunSpec, began: float) -> Outcome:
        digest = next(line.digest for line in self.catalogue.summaries() if line.spec.run == spec.run)
        reason = stop_reason(self._best, self._evaluated, spec.settings)
        return Outcome(digest or "", reason or "its budget of time", self.clock.seconds() - began)


def _rest(looked: float) -> float:
    return min(max(_PAUSE_SECONDS, _REST * looked), _LONGEST_PAUSE_SECONDS)
