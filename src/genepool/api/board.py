"""Where the coordinator's run stands, as one JSON document."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState
from genepool.ports import BatchWork, Hindrance, RetryReason, Seat
from genepool.scheduling.absence import GRACE_SECONDS


class Board:
    """``Telemetry`` and ``WorkWatcher`` that remembers the latest; any thread may read it.

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

    def run_started(
        self,
        spec: RunSpec,
        population: Population | None,
        champion: Individual | None = None,  # noqa: ARG002 - the port's
    ) -> None:
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
        self._look()

    def queue_changed(self, waiting: int, running: int) -> None:
        """Show the queue."""
        self._queue = {"waiting": waiting, "running": running}
        self._look()
