"""What everybody who watches a run promises: to take every event, in any order that a run has."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest
from rich.console import Console

from genepool.adapters.console import LiveScreen, PlainLog
from genepool.adapters.memory import EventLog
from genepool.ports import Telemetry
from tests.fakes.histories import a_generation, a_spec

WATCHERS = ("live screen", "plain log", "event log")


def make(name: str) -> Telemetry:
    if name == "live screen":
        return LiveScreen(Console(file=io.StringIO(), width=80, force_terminal=True))
    return PlainLog() if name == "plain log" else EventLog()


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
        watcher.run_finished(a_spec(), "finished")

    def test_a_resumed_run_starts_from_a_population(self, watcher: Telemetry) -> None:
        watcher.run_started(a_spec(), a_generation(3, 3).population)
        watcher.generation_finished(a_spec(), a_generation(4, 4))
        watcher.run_finished(a_spec(), "interrupted")

    def test_a_run_may_end_before_its_first_generation(self, watcher: Telemetry) -> None:
        watcher.run_started(a_spec(), None)
        watcher.run_finished(a_spec(), "failed")
