"""A history that goes away, freezes and comes back when a test says so."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from typing_extensions import override

from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreAway, StoreError
from genepool.history import GenerationRecord, RunSummary
from tests.fakes.memory import MemoryStore


class MoodyStore(MemoryStore):
    """``MemoryStore`` whose server has moods.

    Attributes
    ----------
    refusal
        Raised by every write of a generation, when there is one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refusal: StoreError | None = None
        self._away = False
        self._flowing = threading.Event()
        self._flowing.set()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Refuse connections for a while."""
        self._away = True
        try:
            yield
        finally:
            self._away = False

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Take questions for a while and answer none."""
        self._flowing.clear()
        try:
            yield
        finally:
            self._flowing.set()

    @override
    def claim(self, run: str) -> None:
        self._answer()
        super().claim(run)

    @override
    def adopt(self, run: str) -> None:
        self._answer()
        super().adopt(run)

    @override
    def record(self, run: str, record: GenerationRecord) -> None:
        self._answer()
        if self.refusal:
            raise self.refusal
        super().record(run, record)

    @override
    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        self._answer()
        super().remember(problem_digest, evaluations)

    @override
    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        self._answer()
        return super().evaluations(problem_digest, fingerprints)

    @override
    def summaries(self) -> list[RunSummary]:
        self._answer()
        return super().summaries()

    @override
    def stop_requested(self, run: str) -> bool:
        self._answer()
        return super().stop_requested(run)

    @override
    def submit(self, run: str) -> None:
        self._answer()
        super().submit(run)

    def _answer(self) -> None:
        if self._away:
            raise StoreAway("the history does not answer")
        self._flowing.wait()
