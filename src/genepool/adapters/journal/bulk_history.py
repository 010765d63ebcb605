"""What a journal needs of the history behind it."""

from collections.abc import Sequence
from typing import Protocol

from genepool.history import GenerationRecord, RunState
from genepool.ports import EvaluationHistory, RunLog, RunQueue


class BulkHistory(RunLog, EvaluationHistory, RunQueue, Protocol):
    """A history with its queue of runs, which takes generations in bulk."""

    def state(self, run: str) -> RunState:
        """Return where a run stands, as ``RunCatalogue``."""
        ...

    def packed(self, record: GenerationRecord) -> bytes:
        """Return a generation for ``record_packed``; the same version reads it later.

        Raises
        ------
        StoreError
            When a number is not finite: one NaN would top every leaderboard.
        """
        ...

    def record_packed(self, run: str, generations: Sequence[bytes]) -> None:
        """Write consecutive generations in one transaction; otherwise as ``record``."""
        ...

    def holds(self, run: str, generation: bytes) -> bool:
        """Tell whether a packed generation is recorded, bit for bit.

        Raises
        ------
        StoreError
            When this version did not pack it.
        """
        ...

    def close(self) -> None:
        """Let go of connections and claims; may be called twice."""
        ...

    def adopt(self, run: str) -> None:
        """Claim a run to write what is left of it; its state stays as it is, whatever it is.

        Raises
        ------
        RunNotFound, RunFinished, Fenced
            As ``claim``.
        """
        ...
