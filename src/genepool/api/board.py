"""Where the coordinator's run stands, as one JSON document."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from genepool.evolution.population import Population
from genepool.history import RunSpec
from genepool.ports import (
    CrewChanged,
    Event,
    GenerationAdvanced,
    GenerationFinished,
    Hindrance,
    QueueChanged,
    RunClosing,
    RunEnded,
    RunStarted,
    Seat,
)
from genepool.scheduling.absence import GRACE_SECONDS


class Board:
    """``Watcher`` that remembers the latest; any thread may read it.

    Parameters
    ----------
    seconds
        Monotonic time.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._idle_since: float | None = None
        self._run: dict[str, Any] = {"run": None, "state": "idle"}
        self._seats: tuple[Seat, ...] = ()
        self._queue = {"waiting": 0, "running": 0}

    def document(self, hindrance: Callable[[Hindrance], str | None] = lambda _: None) -> dict[str, Any]:
        """Return the run, its progress, the queue, the seats of each node, and what the run waits for.

        Parameters
        ----------
        hindrance
            Tells what else than missing workers keeps runs waiting.
        """
        seats = Counter(self._seats)
        nodes = [
            {"node": seat.node, "worker_kind": seat.worker_kind, "seats": count}
            for seat, count in sorted(seats.items(), key=lambda item: (item[0].node, item[0].worker_kind))
        ]
        # What stops a run goes before what it gets by without.
        waits = hindrance("journal") or hindrance("cluster") or self._unmanned() or hindrance("history")
        return {**self._run, "queue": self._queue, "nodes": nodes, "waiting_for": waits}

    def _unmanned(self) -> str | None:
        since = self._idle_since
        waited = 0.0 if since is None else self._seconds() - since
        if waited < GRACE_SECONDS:
            return None
        return (
            f"no worker answers, for {waited:.0f} s: the run waits for nodes to join or to come back "
            "(docker compose ps shows those of the stack)"
        )

    def _look(self) -> None:
        if self._seats or not self._queue["waiting"]:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = self._seconds()

    def __call__(self, event: Event) -> None:
        """Show what the event changes."""
        match event:
            case RunStarted(spec, population):
                self._run = _started(spec, population)
            case GenerationAdvanced(done, asked):
                self._run = {**self._run, "done": done, "asked": asked}
            case GenerationFinished(record=record):
                self._run = {**self._run, "generation": record.population.generation, "done": 0, "asked": 0}
            case RunClosing(read=read):
                self._run = {**self._run, "phase": "digest", "read": read}
            case RunEnded(state=state):
                self._run = {**self._run, "state": state, "phase": None}
            case CrewChanged(seats):
                self._seats = tuple(seats)
                self._look()
            case QueueChanged(waiting, running):
                self._queue = {"waiting": waiting, "running": running}
                self._look()


def _started(spec: RunSpec, population: Population | None) -> dict[str, Any]:
    return {
        "run": spec.run,
        "state": "running",
        "generation": population.generation if population else None,
        "generations": spec.settings.generations,
        "population_size": spec.settings.population_size,
        "phase": "breeding",
        "done": 0,
        "asked": 0,
    }
