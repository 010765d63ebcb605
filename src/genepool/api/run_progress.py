"""Where one run that is bred stands, as one JSON document."""

import time
from collections.abc import Callable
from typing import Any

from genepool.api.pace import Pace
from genepool.evolution.population import Population
from genepool.history import RunSpec
from genepool.ports import (
    Event,
    GenerationAdvanced,
    GenerationFinished,
    OverfittingMeasured,
    RunClosing,
    RunEnded,
    RunStarted,
)


class RunProgress:
    """``Watcher`` of one run that remembers the latest; any thread may read it.

    Parameters
    ----------
    seconds
        Monotonic time.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._told: dict[str, Any] = {"run": None, "state": "idle"}
        # Apart, since another thread tells it.
        self._overfitting: dict[str, Any] | None = None
        self._pace = Pace(seconds)

    @property
    def run(self) -> str | None:
        """Its name; None before it starts."""
        name: str | None = self._told["run"]
        return name

    @property
    def running(self) -> bool:
        """Whether it is bred now."""
        return bool(self._told["state"] == "running")

    def document(self) -> dict[str, Any]:
        """Return its generations, and how far the newest of them is."""
        return dict(self._told)

    def paced(self) -> dict[str, Any]:
        """Return the same, with how many genomes are answered a second, and how overfitted they are."""
        return {
            **self._told,
            "evaluations_per_second": self._pace.per_second(),
            "overfitting": self._overfitting,
        }

    def __call__(self, event: Event) -> None:
        """Note what the event changes."""
        match event:
            case RunStarted(spec, population):
                self._told, self._overfitting = _started(spec, population), None
            case GenerationAdvanced(done, asked):
                self._pace.add(max(0, done - self._told.get("done", 0)))
                self._told = {**self._told, "done": done, "asked": asked}
            case GenerationFinished(record=record):
                self._told = {**self._told, "generation": record.population.generation, "done": 0, "asked": 0}
            case OverfittingMeasured(_, generation, genomes, probability):
                self._overfitting = {
                    "generation": generation,
                    "genomes": genomes,
                    "probability": round(probability, 4),
                }
            case RunClosing(read=read):
                self._told = {**self._told, "phase": "digest", "read": read}
            case RunEnded(state=state):
                self._told = {**self._told, "state": state, "phase": None}


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
