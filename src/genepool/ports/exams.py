"""Looks at the sealed candles of markets: each is counted before anything is shown."""

from collections.abc import Sequence
from typing import Protocol

from genepool.history import NewLook, RunSpec, SealedLook
from genepool.robustness.exam import Sitting


class ExamBook(Protocol):
    """Every look at sealed candles; none is ever forgotten, whatever becomes of the run.

    Data sets that count together in the ledger of trials are one market.
    """

    def sealed_looks(self, market_digest: str, marks: frozenset[int] = frozenset()) -> Sequence[SealedLook]:
        """Return all looks at a market's sealed candles, the oldest first.

        Parameters
        ----------
        market_digest
            Of the data set.
        marks
            Its marks, by which one that the history does not know is known again.
        """
        ...

    def note_look(self, market_digest: str, new: NewLook, marks: frozenset[int] = frozenset()) -> SealedLook:
        """Count a look, and return it; when this returns, it is on disk.

        The same question again is what it was. After the unsealing, nothing is counted: what was never
        asked comes back as the unsealing.
        """
        ...

    def keep_sitting(self, question: str, sitting: Sitting) -> SealedLook:
        """Write what the champion of an exam showed; what is written stays."""
        ...

    def sealing_runs(self, market_digest: str, marks: frozenset[int] = frozenset()) -> Sequence[RunSpec]:
        """Return the recorded runs of a market, the oldest first."""
        ...
