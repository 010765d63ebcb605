"""What every watcher promises: to take every event, in any order that a run has."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import cast, get_args

import pytest
from prometheus_client import CollectorRegistry
from rich.console import Console

from genepool.adapters.console import LiveScreen, PlainLog
from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.grafana.annotations import GrafanaAnnotations
from genepool.adapters.grafana.grafana_client import Grafana
from genepool.adapters.prometheus import Deployment, RunMetrics
from genepool.api.board import Board
from genepool.backtest.problem import Problem
from genepool.bootstrap.overfitting_following import OverfittingFollower
from genepool.pool.honesty import HonestyMeter
from genepool.pool.service_status import ServiceStatus
from genepool.pool.watchers import WorkTally, audience
from genepool.ports import (
    AnnotationLost,
    BatchEvaluated,
    BatchRetried,
    CacheAnswered,
    CacheReachable,
    CacheTook,
    ChampionWeighed,
    CrewChanged,
    Event,
    GenerationAdvanced,
    GenerationFinished,
    GenomeQuarantined,
    Hindered,
    JobEnded,
    JobsCounted,
    JournalHolds,
    ListenersCounted,
    LiveCompared,
    NodesMeasured,
    NullsCompared,
    OverfittingMeasured,
    QueueChanged,
    RequestAnswered,
    RetryReason,
    RunClimbed,
    RunClosing,
    RunConcluding,
    RunEnded,
    RunStarted,
    Seat,
    StopRequested,
    StoreReachable,
    StoreTook,
    Watcher,
    WriteRefused,
)
from genepool.scheduling.node_cpu import NodeCpu
from tests.fakes.bred_runs import bred_run
from tests.fakes.coordinators import an_evidence
from tests.fakes.histories import a_generation, a_genome, a_result, a_spec
from tests.fakes.memory import EventLog, ManualClock
from tests.fakes.service_notes import ServiceNotes
from tests.fakes.tiny_markets import FREE, flat, tiny_market
from tests.fakes.work_notes import WorkNotes

REASONS: tuple[RetryReason, ...] = get_args(RetryReason)
SPEC = a_spec()
# One of each kind: a kind that is new has its place here.
EVENTS: tuple[Event, ...] = (
    RunStarted(SPEC, None),
    GenerationAdvanced(2, 4),
    GenerationFinished(SPEC, a_generation(0, 0)),
    ChampionWeighed(an_evidence(trials=12)),
    OverfittingMeasured(SPEC.run, 4, 17, 0.4),
    NullsCompared(SPEC.run, 19, 0.05, 0.1),
    LiveCompared(SPEC.run, 0.2, "inside", -0.01, {"fees": -0.01}),
    StopRequested(SPEC.run),
    RunClosing(SPEC, 1, 2),
    RunClimbed(SPEC.run, 4),
    RunEnded(SPEC, "finished"),
    RunConcluding(SPEC, "judging"),
    BatchEvaluated("one", "cpu", [a_result(a_genome(0))], 0.2, 0.21),
    BatchRetried("deadline"),
    GenomeQuarantined("rsi_filter"),
    CrewChanged([Seat("one", "cpu")]),
    QueueChanged(2, 2),
    NodesMeasured([NodeCpu("node", "cpu", 2, 2.0, 0.75, 0.74)]),
    CacheAnswered("hit", 3),
    CacheTook("read", 0.1),
    CacheReachable(reachable=False),
    StoreTook("record", 0.1),
    StoreReachable(reachable=True),
    Hindered("history", "it is away"),
    JournalHolds(2, 4_096),
    WriteRefused(),
    AnnotationLost(),
    RequestAnswered("/v1/runs/{run}", "2xx", 0.02),
    ListenersCounted(3),
    JobEnded("evolve", "done"),
    JobsCounted(2, 1),
)


def metrics() -> RunMetrics:
    return RunMetrics(CollectorRegistry(), ManualClock(), Deployment("0.1.0", ("imagined",)))


def calm() -> Problem:
    """Return a market whose price never moves."""
    return Problem(tiny_market(flat(100, 20)), (0, 10), ((12, 20),), FREE, "sharpe")


def ignored(_event: Event) -> None:
    """Do nothing."""


MAKERS: dict[str, Callable[[ExitStack, Path], Watcher]] = {
    "live screen": lambda held, _: held.enter_context(
        LiveScreen(Console(file=io.StringIO(), width=80, force_terminal=True))
    ),
    "plain log": lambda _held, _folder: PlainLog(),
    "event log": lambda _held, _folder: EventLog(),
    "acknowledged log": lambda _, folder: AcknowledgedLog(folder / "acknowledged.jsonl"),
    "metrics": lambda _held, _folder: metrics(),
    "marks in Grafana": lambda held, _: marks(held),
    "pages": lambda _held, _folder: Board(),
    "service status": lambda _held, _folder: ServiceStatus(),
    "tally": lambda _held, _folder: WorkTally(),
    "honesty": lambda _held, _folder: HonestyMeter(calm(), 1, ignored),
    "overfitting": lambda _held, _folder: OverfittingFollower(bred_run().plan, ignored, 1.0),
    "work notes": lambda _held, _folder: WorkNotes(),
    "service notes": lambda _held, _folder: ServiceNotes(),
    "audience": lambda _held, _folder: audience([EventLog(), metrics(), WorkTally()]),
}


def marks(held: ExitStack) -> GrafanaAnnotations:
    """Return what marks runs in a Grafana that takes everything."""
    nobody = SimpleNamespace(post=lambda _route, _mark: None, close=lambda: None)
    made = GrafanaAnnotations(cast("Grafana", nobody))
    held.callback(made.close)
    return made


@pytest.fixture(params=MAKERS)
def watcher(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watcher]:
    with ExitStack() as held:
        yield MAKERS[request.param](held, tmp_path)


def test_the_events_here_are_all_that_there_are() -> None:
    assert [type(event) for event in EVENTS] == list(get_args(Event))


class TestAnyEvent:
    def test_each_is_taken_before_any_other(self, watcher: Watcher) -> None:
        for event in EVENTS:
            watcher(event)

    def test_each_is_taken_after_all_others(self, watcher: Watcher) -> None:
        for event in (*EVENTS, *reversed(EVENTS)):
            watcher(event)


class TestRun:
    def test_a_whole_run_is_taken(self, watcher: Watcher) -> None:
        watcher(RunStarted(SPEC, None))
        for number in range(2):
            watcher(GenerationAdvanced(2, 4))
            watcher(GenerationAdvanced(4, 4))
            watcher(GenerationFinished(SPEC, a_generation(number, number)))
        for read in range(3):
            watcher(RunClosing(SPEC, read, 2))
        watcher(RunEnded(SPEC, "finished"))

    def test_a_resumed_run_starts_from_a_population(self, watcher: Watcher) -> None:
        watcher(RunStarted(SPEC, a_generation(3, 3).population))
        watcher(GenerationFinished(SPEC, a_generation(4, 4)))
        watcher(RunEnded(SPEC, "interrupted"))

    def test_a_run_may_end_before_its_first_generation(self, watcher: Watcher) -> None:
        watcher(RunStarted(SPEC, None))
        watcher(RunClosing(SPEC, 0, 0))
        watcher(RunEnded(SPEC, "failed"))


class TestWork:
    def test_a_whole_generation_on_a_crew_that_changes_is_taken(self, watcher: Watcher) -> None:
        results = [a_result(a_genome(0)), a_result(a_genome(1), error="it failed")]
        for crew in ([Seat("one", "cpu")], [Seat("one", "cpu"), Seat("other", "memory")], []):
            watcher(CrewChanged(crew))
            watcher(QueueChanged(2, 2))
            watcher(BatchEvaluated("one", "cpu", results, 0.2, 0.21))

    def test_work_of_a_machine_that_is_not_in_the_crew_any_more_is_taken(self, watcher: Watcher) -> None:
        watcher(CrewChanged([Seat("other", "memory")]))
        watcher(BatchEvaluated("gone", "cpu", [a_result(a_genome(0))], 0.2, 0.21))

    def test_every_mishap_is_taken(self, watcher: Watcher) -> None:
        for reason in REASONS:
            watcher(BatchRetried(reason))
        watcher(GenomeQuarantined("a strategy that nobody has heard of"))
        watcher(BatchEvaluated("one", "cpu", [], 0.0, 0.0))


class TestAudience:
    def test_all_are_told_of_all_in_order(self) -> None:
        told: list[tuple[str, Event]] = []
        tell = audience(
            [lambda event: told.append(("first", event)), lambda event: told.append(("second", event))]
        )
        for event in EVENTS:
            tell(event)
        assert told == [(who, event) for event in EVENTS for who in ("first", "second")]

    def test_what_one_raises_is_raised_and_those_before_it_were_told(self) -> None:
        told: list[Event] = []

        def break_off(_event: Event) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            audience([told.append, break_off, told.append])(EVENTS[0])
        assert told == [EVENTS[0]]
