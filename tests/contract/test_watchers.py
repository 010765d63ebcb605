"""What everybody who watches promises: to take every event, in any order that a run has."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import get_args

import pytest
from prometheus_client import CollectorRegistry
from rich.console import Console

from genepool.adapters.console import LiveScreen, PlainLog
from genepool.adapters.prometheus import Deployment, RunMetrics
from genepool.pool.watchers import Audience, WorkAudience, WorkTally
from genepool.ports import BatchWork, RetryReason, Seat, Telemetry, WorkWatcher
from tests.fakes.histories import a_generation, a_genome, a_result, a_spec
from tests.fakes.memory import EventLog, ManualClock

WATCHERS = ("live screen", "plain log", "event log", "metrics", "audience")
REASONS: tuple[RetryReason, ...] = get_args(RetryReason)


def make(name: str) -> Telemetry:
    makers: dict[str, Callable[[], Telemetry]] = {
        "live screen": lambda: LiveScreen(Console(file=io.StringIO(), width=80, force_terminal=True)),
        "plain log": PlainLog,
        "event log": EventLog,
        "metrics": lambda: metrics().evolution,
        "audience": lambda: Audience((EventLog(), metrics().evolution)),
    }
    return makers[name]()


def metrics() -> RunMetrics:
    return RunMetrics(CollectorRegistry(), ManualClock(), Deployment("0.1.0", ("imagined",)))


@pytest.fixture(params=WATCHERS)
def watcher(request: pytest.FixtureRequest) -> Iterator[Telemetry]:
    made = make(request.param)
    context: AbstractContextManager[object] = made if isinstance(made, LiveScreen) else nullcontext()
    with context:
        yield made


class TestTelemetry:
    def test_a_whole_run_is_taken(self, watcher: Telemetry) -> None:
        watcher.run_started(a_spec(), None)
        for number in range(2):
            watcher.batch_finished(2, 4)
            watcher.batch_finished(4, 4)
            watcher.generation_finished(a_spec(), a_generation(number, number))
        for read in range(3):
            watcher.run_closing(a_spec(), read, 2)
        watcher.run_finished(a_spec(), "finished")

    def test_a_resumed_run_starts_from_a_population(self, watcher: Telemetry) -> None:
        watcher.run_started(a_spec(), a_generation(3, 3).population)
        watcher.generation_finished(a_spec(), a_generation(4, 4))
        watcher.run_finished(a_spec(), "interrupted")

    def test_a_run_may_end_before_its_first_generation(self, watcher: Telemetry) -> None:
        watcher.run_started(a_spec(), None)
        watcher.run_closing(a_spec(), 0, 0)
        watcher.run_finished(a_spec(), "failed")


WORK_WATCHERS: dict[str, Callable[[], WorkWatcher]] = {
    "tally": WorkTally,
    "metrics": lambda: metrics().work,
    "audience": lambda: WorkAudience((WorkTally(), metrics().work)),
}


@pytest.fixture(params=WORK_WATCHERS)
def work_watcher(request: pytest.FixtureRequest) -> WorkWatcher:
    return WORK_WATCHERS[request.param]()


class TestWork:
    def test_a_whole_generation_on_a_crew_that_changes_is_taken(self, work_watcher: WorkWatcher) -> None:
        results = [a_result(a_genome(0)), a_result(a_genome(1), error="it failed")]
        for crew in ([Seat("one", "cpu")], [Seat("one", "cpu"), Seat("other", "memory")], []):
            work_watcher.crew_changed(crew)
            work_watcher.queue_changed(2, 2)
            work_watcher.batch_evaluated(BatchWork("one", "cpu", results, 0.2, 0.21))

    def test_work_of_a_machine_that_is_not_in_the_crew_any_more_is_taken(
        self, work_watcher: WorkWatcher
    ) -> None:
        work_watcher.crew_changed([Seat("other", "memory")])
        work_watcher.batch_evaluated(BatchWork("gone", "cpu", [a_result(a_genome(0))], 0.2, 0.21))

    @pytest.mark.parametrize("reason", REASONS)
    def test_every_mishap_is_taken(self, work_watcher: WorkWatcher, reason: RetryReason) -> None:
        work_watcher.batch_retried(reason)
        work_watcher.genome_quarantined("a strategy that nobody has heard of")
        work_watcher.batch_evaluated(BatchWork("one", "cpu", [], 0.0, 0.0))
