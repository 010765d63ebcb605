"""Where the coordinator's run stands, as one JSON document."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState
from genepool.ports import BatchWork, RetryReason, Seat


class Board:
    """``Telemetry`` and ``WorkWatcher`` that remembers the latest; any thread may read it."""

    def __init__(self) -> None:
        self._run: dict[str, Any] = {"run": None, "state": "idle"}
        self._seats: tuple[Seat, ...] = ()
        self._queue = {"waiting": 0, "running": 0}

    def document(self) -> dict[str, Any]:
        """Return the run, its generation's progress, the queue, and the seats of each node."""
        seats = Counter(self._seats)
        nodes = [
            {"node": seat.node, "worker_kind": seat.worker_kind, "seats": count}
            for seat, count in sorted(seats.items(), key=lambda item: (item[0].node, item[0].worker_kind))
        ]
        return {**self._run, "queue": self._queue, "nodes": nodes}

    def run_started(self, spec: RunSpec, population: Population | None) -> None:
        """Show the run."""
        self._run = {
            "run": spec.run,
            "state": "running",
            "generation": population.generation if population else None,
            "generations": spec.settings.generations,
            "population_size": spec.settings.population_size,
            "phase": "breeding",
            "done": 0,
            "asked": 0,
        }

    def batch_finished(self, done: int, asked: int) -> None:
        """Show how far the generation is."""
        self._run = {**self._run, "done": done, "asked": asked}

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:  # noqa: ARG002 - the port's
        """Show the newest generation."""
        self._run = {**self._run, "generation": record.population.generation, "done": 0, "asked": 0}

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:  # noqa: ARG002 - the port's
        """Show how many generations are read for the digest: the last part of a run."""
        self._run = {**self._run, "phase": "digest", "read": read}

    def run_finished(self, spec: RunSpec, state: RunState) -> None:  # noqa: ARG002 - the port's
        """Show how it ended, until the next one starts."""
        self._run = {**self._run, "state": state, "phase": None}

    def batch_evaluated(self, work: BatchWork) -> None:
        """Pass over it: metrics count batches."""

    def batch_retried(self, reason: RetryReason) -> None:
        """Pass over it."""

    def genome_quarantined(self, strategy: str) -> None:
        """Pass over it."""

    def crew_changed(self, seats: Sequence[Seat]) -> None:
        """Show who is there."""
        self._seats = tuple(seats)

    def queue_changed(self, waiting: int, running: int) -> None:
        """Show the queue."""
        self._queue = {"waiting": waiting, "running": running}
