"""The log of acknowledged generations: what an outside checker holds the history against."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from genepool.errors import StoreError
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState, generation_digest


class AcknowledgedLog:
    """``Telemetry`` that appends one line a generation, on disk before anybody else hears of it.

    Parameters
    ----------
    path
        The file; its folder is made.

    Raises
    ------
    StoreError
        When it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError as error:
            raise StoreError(
                f"cannot write the log of acknowledged generations {path}: {error.strerror}"
            ) from error

    def run_started(self, spec: RunSpec, population: Population | None) -> None:
        """Pass over it."""

    def batch_finished(self, done: int, asked: int) -> None:
        """Pass over it."""

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:
        """Append a line; a full disk costs the line, never the run."""
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "run": spec.run,
            "generation": record.population.generation,
            "digest": generation_digest(record),
        }
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return

    def run_finished(self, spec: RunSpec, state: RunState) -> None:
        """Pass over it."""
