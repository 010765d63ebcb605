"""A history behind a journal, with every port in one object."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from genepool.adapters.journal import BulkHistory, JournaledHistory
from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary
from genepool.ports import Clock, RunCatalogue, TrialLedger, Watcher
from genepool.robustness.ledger import KnownMarket, Uncounted


class Behind(BulkHistory, RunCatalogue, TrialLedger, Protocol):
    """What a test has behind a journal."""


class JournaledStore:
    """``JournaledHistory`` and what its users ask the history itself.

    Those questions wait here until the journal is empty, so that a test sees what was acknowledged.
    """

    def __init__(
        self,
        inner: Behind,
        folder: Path,
        watcher: Watcher,
        clock: Clock,
        interrupted: Callable[[], bool] = lambda: False,
        limit: int = 1 << 30,
    ) -> None:
        self.journaled = JournaledHistory(inner, folder, watcher, clock, interrupted, limit)
        self._inner = inner
        self._inquiry = self.journaled.log._inquiry
        self._whole = self._inquiry.whole

    def create(self, spec: RunSpec) -> None:
        self.journaled.log.create(spec)

    def claim(self, run: str) -> None:
        self.journaled.log.claim(run)

    def reopen(self, run: str) -> None:
        self.journaled.log.reopen(run)

    def enlarge(self, spec: RunSpec) -> None:
        self.journaled.log.enlarge(spec)

    def record(self, run: str, record: GenerationRecord) -> None:
        self.journaled.log.record(run, record)

    def last_population(self, run: str) -> Population | None:
        return self.journaled.log.last_population(run)

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        return self.journaled.log.generations(run, first, count)

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        self.journaled.log.finish(run, state, digest)

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        self.journaled.evaluations.remember(problem_digest, evaluations)

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        return self.journaled.evaluations.evaluations(problem_digest, fingerprints)

    def submit(self, run: str) -> None:
        self.journaled.queue.submit(run)

    def next_run(self) -> str | None:
        return self.journaled.queue.next_run()

    def request_stop(self, run: str) -> None:
        self.journaled.queue.request_stop(run)

    def stop_requested(self, run: str) -> bool:
        return self.journaled.queue.stop_requested(run)

    def spec(self, run: str) -> RunSpec:
        return self._inner.spec(run)

    def state(self, run: str) -> RunState:
        return self._inner.state(run)

    def summaries(self) -> list[RunSummary]:
        return self._whole(self._inner.summaries)

    def know_market(self, market: KnownMarket) -> None:
        self._inner.know_market(market)

    def trials(self, market_digest: str) -> int:
        return self._whole(partial(self._inner.trials, market_digest))

    def uncounted(self, market_digest: str) -> Uncounted:
        return self._whole(partial(self._inner.uncounted, market_digest))

    def close(self) -> None:
        self.journaled.close()
