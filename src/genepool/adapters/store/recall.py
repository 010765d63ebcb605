"""What this process has read of a run already: recorded generations never change."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row

from genepool.adapters.store import reading
from genepool.evolution.population import Population


@dataclass(slots=True)
class Recall:
    """One run's generations, each read and checked once however often they are asked for, by any thread.

    Attributes
    ----------
    born
        Everybody born in the generations read so far.
    populations
        The generations read and checked so far.
    """

    born: reading.Births = field(default_factory=dict)
    populations: list[Population] = field(default_factory=list)
    _read: int = 0
    # A reader that was given up on may still be at it when the next one begins.
    _lock: Lock = field(default_factory=Lock)

    def births(self, connection: Connection, run: Row[Any]) -> reading.Births:
        """Return everybody born in the run up to now."""
        with self._lock:
            return dict(self._births(connection, run))

    def all_populations(self, connection: Connection, run: Row[Any]) -> list[Population]:
        """Return every recorded population."""
        with self._lock:
            first, born = len(self.populations), self._births(connection, run)
            self.populations += reading.populations(connection, run, born, first)
            return list(self.populations)

    def _births(self, connection: Connection, run: Row[Any]) -> reading.Births:
        count = reading.generation_count(connection, run)
        if count > self._read:
            self.born |= reading.births(connection, run, self._read)
            self._read = count
        return self.born
