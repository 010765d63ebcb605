"""Looks at sealed candles in this process."""

from collections.abc import Callable
from dataclasses import replace

from genepool.history import ATTEMPTS, NewLook, RunSpec, SealedLook
from genepool.robustness.exam import Sitting

# No test waits until the next day.
_NOW = "2026-03-01T12:00:00.000+00:00"


class MemoryExams:
    """``ExamBook`` in a list.

    Parameters
    ----------
    together
        Returns the data sets that count with one.
    specs
        Returns the recorded runs, the oldest first.
    """

    def __init__(
        self, together: Callable[[str, frozenset[int]], set[str]], specs: Callable[[], list[RunSpec]]
    ) -> None:
        self._together = together
        self._specs = specs
        self.looks: list[SealedLook] = []

    def sealed_looks(self, market_digest: str, marks: frozenset[int] = frozenset()) -> list[SealedLook]:
        """Return all looks at a market's sealed candles, the oldest first."""
        together = self._together(market_digest, marks)
        return [look for look in self.looks if look.market_digest in together]

    def note_look(self, market_digest: str, new: NewLook, marks: frozenset[int] = frozenset()) -> SealedLook:
        """Count a look unless its question was asked or the market was unsealed."""
        there = self.sealed_looks(market_digest, marks)
        stands = [look for look in there if look.question == new.question]
        stands += [look for look in there if look.what == "unsealed"]
        if stands:
            return stands[0]
        number = sum(look.what in ATTEMPTS for look in there) + (new.what in ATTEMPTS)
        look = SealedLook(market_digest, number, new.question, new.what, new.run, new.fingerprint, _NOW)
        self.looks.append(look)
        return look

    def keep_sitting(self, question: str, sitting: Sitting) -> SealedLook:
        """Write what the champion of an exam showed; what is written stays."""
        place = next(k for k, look in enumerate(self.looks) if look.question == question)
        if self.looks[place].sitting is None:
            self.looks[place] = replace(self.looks[place], sitting=sitting)
        return self.looks[place]

    def sealing_runs(self, market_digest: str, marks: frozenset[int] = frozenset()) -> list[RunSpec]:
        """Return the recorded runs of a market, the oldest first."""
        together = self._together(market_digest, marks)
        return [spec for spec in self._specs() if spec.market_digest in together]
