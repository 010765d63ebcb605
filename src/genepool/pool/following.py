"""Watch a run that another process carries on, as if it ran here."""

from collections.abc import Callable
from dataclasses import dataclass, field

from genepool.errors import Interrupted, StoreAway, StoreError
from genepool.evolution.engine import stop_reason
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState
from genepool.pool.loop import Outcome
from genepool.ports import Clock, EvolutionStore, RunQueue, Telemetry

_PAUSE_SECONDS = 0.5
_OVER: tuple[RunState, ...] = ("finished", "interrupted", "failed")


@dataclass
class Follower:
    """Shows whoever watches what the history says of a run.

    Parameters
    ----------
    store, queue
        The history, and the runs that wait in it.
    telemetry
        Who watches.
    clock
        For how long a generation took.
    pause
        Waits so many seconds.
    progress
        Genomes done and asked for in the generation that is under way, when it is known.
    interrupted
        Tells whether the user wants to stop the run.
    """

    store: EvolutionStore
    queue: RunQueue
    telemetry: Telemetry
    clock: Clock
    pause: Callable[[float], None]
    progress: Callable[[], tuple[int, int] | None] = lambda: None
    interrupted: Callable[[], bool] = lambda: False
    _shown: int = field(default=0, init=False)
    _asked_to_stop: bool = field(default=False, init=False)

    def follow(self, spec: RunSpec) -> Outcome:
        """Submit a recorded run and watch it until it ends.

        Raises
        ------
        Interrupted
            When it was stopped.
        StoreError
            When the coordinator gave it up, or the history fails for a reason that does not pass.
        """
        began = self.clock.seconds()
        population = self.store.last_population(spec.run)
        self._shown = len(self.store.populations(spec.run))
        self.queue.submit(spec.run)
        self.telemetry.run_started(spec, population)
        state = self._watch(spec)
        self.telemetry.run_finished(spec, state)
        if state == "interrupted":
            raise Interrupted(f"run {spec.run} was stopped")
        if state == "failed":
            raise StoreError(
                f"the coordinator gave run {spec.run} up: its log says why (docker compose logs genetic-pool)"
            )
        return self._outcome(spec, began)

    def _watch(self, spec: RunSpec) -> RunState:
        latest = self.clock.seconds()
        while True:
            try:
                self._stop_when_asked(spec)
                state = self.queue.state(spec.run)
                latest = self._show(spec, latest)
            except StoreAway:
                # The coordinator goes on without its history for a while; so does whoever watches.
                state = "running"
            if state in _OVER:
                return state
            if (done := self.progress()) is not None:
                self.telemetry.batch_finished(*done)
            self.pause(_PAUSE_SECONDS)

    def _stop_when_asked(self, spec: RunSpec) -> None:
        if self.interrupted() and not self._asked_to_stop:
            self.queue.request_stop(spec.run)
            self._asked_to_stop = True

    def _show(self, spec: RunSpec, latest: float) -> float:
        """Tell of generations that are new since; return when that was."""
        fresh = self.store.populations(spec.run)[self._shown :]
        if not fresh:
            return latest
        now = self.clock.seconds()
        born = self.store.newborn(spec.run)
        for population in fresh:
            record = GenerationRecord(population, _born_in(population, born), (now - latest) / len(fresh))
            self.telemetry.generation_finished(spec, record)
        self._shown += len(fresh)
        return now

    def _outcome(self, spec: RunSpec, began: float) -> Outcome:
        digest = next(line.digest for line in self.store.summaries() if line.spec.run == spec.run)
        best = [_best(population) for population in self.store.populations(spec.run)]
        reason = stop_reason(best, len(self.store.newborn(spec.run)), spec.settings)
        return Outcome(digest or "", reason or "its budget of time", self.clock.seconds() - began)


def _born_in(population: Population, born: list[tuple[int, Individual]]) -> tuple[Individual, ...]:
    return tuple(one for generation, one in born if generation == population.generation)


def _best(population: Population) -> float | None:
    scores = [one.fitness for one in population.individuals if one.fitness is not None]
    return max(scores, default=None)
