"""Stores that break off, as processes and disks do."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Protocol

from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreError
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary
from genepool.ports import EvaluationHistory, RunCatalogue, RunLog, RunQueue, TrialLedger
from genepool.robustness.ledger import KnownMarket, Uncounted


class WholeHistory(RunLog, RunCatalogue, EvaluationHistory, TrialLedger, Protocol):
    """Every port of the history but its queue, in one."""

    def close(self) -> None:
        """Let go of connections; may be called twice."""
        ...


class HistoryAndQueue(WholeHistory, RunQueue, Protocol):
    """Every port of the history in one."""


class Crash(BaseException):
    """The process dies here; no handler of the program under test may count on running."""


class CrashingStore:
    """A store whose process dies at one of its writes.

    Parameters
    ----------
    inner
        The store that survives.
    at
        Number of the write, from 0.
    written
        Whether the write still reaches the store.
    """

    death: ClassVar[BaseException] = Crash()

    def __init__(self, inner: WholeHistory, at: int, *, written: bool = False) -> None:
        self.writes = 0
        self._inner = inner
        self._at = at
        self._written = written
        self._dead = False

    def create(self, spec: RunSpec) -> None:
        self._write(lambda: self._inner.create(spec))

    def claim(self, run: str) -> None:
        self._write(lambda: self._inner.claim(run))

    def reopen(self, run: str) -> None:
        self._write(lambda: self._inner.reopen(run))

    def record(self, run: str, record: GenerationRecord) -> None:
        self._write(lambda: self._inner.record(run, record))

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        self._write(lambda: self._inner.remember(problem_digest, evaluations))

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        self._write(lambda: self._inner.finish(run, state, digest))

    def enlarge(self, spec: RunSpec) -> None:
        self._write(lambda: self._inner.enlarge(spec))

    def spec(self, run: str) -> RunSpec:
        return self._inner.spec(run)

    def summaries(self) -> list[RunSummary]:
        return self._inner.summaries()

    def state(self, run: str) -> RunState:
        return self._inner.state(run)

    def last_population(self, run: str) -> Population | None:
        return self._inner.last_population(run)

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        return self._inner.generations(run, first, count)

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        return self._inner.evaluations(problem_digest, fingerprints)

    def trials(self, market_digest: str) -> int:
        return self._inner.trials(market_digest)

    def know_market(self, market: KnownMarket) -> None:
        self._write(lambda: self._inner.know_market(market))

    def uncounted(self, market_digest: str) -> Uncounted:
        return self._inner.uncounted(market_digest)

    def close(self) -> None:
        self._inner.close()

    def _write(self, act: Callable[[], None]) -> None:
        # Nothing that a dying process does on its way out may reach the store.
        if self._dead:
            raise self.death
        number, self.writes = self.writes, self.writes + 1
        self._dead = number == self._at
        if not self._dead or self._written:
            act()
        if self._dead:
            raise self.death


class FullStore(CrashingStore):
    """A store that has no room from one of its writes on."""

    death: ClassVar[BaseException] = StoreError("the disk is full")
