"""One watcher is told of everything that a coordinator does with a run."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Happened
from types import SimpleNamespace
from typing import Any

import pytest

from genepool.backtest.problem import Problem
from genepool.bootstrap import service, stop_watch
from genepool.bootstrap.meters import open_meters
from genepool.ports import (
    AnnotationLost,
    ChampionWeighed,
    CrewChanged,
    Event,
    GenerationFinished,
    Hindered,
    RunStarted,
    Seat,
    StopRequested,
    Watcher,
)
from genepool.settings import Settings
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.tiny_markets import FREE, flat, tiny_market

SPEC = a_spec("night")
BEGINNING = (RunStarted(SPEC, None), GenerationFinished(SPEC, a_generation(0, 0)))


@dataclass(frozen=True)
class Watched:
    """A pool of which only its watcher matters."""

    watcher: Watcher
    recall: object = None


class Tied:
    """A cluster that is there."""

    def evaluator(self, _watcher: Watcher, _interrupted: object) -> None:
        pass


def test_a_run_its_champion_its_cluster_and_a_stop_are_told_to_one_watcher(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, stopped = list[Event](), Happened()

    def hear(event: Event) -> None:
        told.append(event)
        if isinstance(event, StopRequested):
            stopped.set()

    def evolve(_spec: object, pool: Watched) -> SimpleNamespace:
        for event in BEGINNING:
            pool.watcher(event)
        assert stopped.wait(10)
        return SimpleNamespace(digest="abc")

    plan = SimpleNamespace(
        spec=SPEC, problem=Problem(tiny_market(flat(100, 20)), (0, 10), ((12, 20),), FREE, "sharpe")
    )
    queue = SimpleNamespace(stop_requested=lambda _run: True)
    journaled = SimpleNamespace(queue=queue, log=None, evaluations=None)
    records = SimpleNamespace(spec=lambda _run: SPEC, trials=lambda _market: 0)
    monkeypatch.setattr(stop_watch, "_EVERY_SECONDS", 0.001)
    monkeypatch.setattr(service, "pooled", lambda *given: nullcontext(Watched(given[5])))
    monkeypatch.setattr(service, "evolve", evolve)
    digests: list[tuple[str, str]] = []
    finished = lambda run, digest: digests.append((run, digest))  # noqa: E731 - a field's shape
    given: Any = [journaled, records, None, hear, lambda *_: plan, lambda: False, Tied(), finished]
    service.RunDesk(*given).breed("night")

    kinds = [type(event) for event in told if not isinstance(event, StopRequested)]
    assert kinds == [Hindered, RunStarted, GenerationFinished, ChampionWeighed]
    assert told.count(StopRequested("night")) == 1
    assert digests == [("night", "abc")]


def test_metrics_and_pages_hear_the_same(tmp_path: Path) -> None:
    pages: list[Event] = []
    happened = (
        *BEGINNING,
        StopRequested("night"),
        CrewChanged([Seat("one", "cpu")]),
        AnnotationLost(),
    )
    with open_meters(Settings(home=tmp_path), pages.append) as meters:
        for event in happened:
            meters.watcher(event)
        exported = meters.exposition().decode()
    assert pages == list(happened)
    for line in (
        'genepool_run_state{state="stopping"} 1.0',
        "genepool_generation 1.0",
        'genepool_actors{node="one",worker_kind="cpu"} 1.0',
        "genepool_grafana_failures_total 1.0",
    ):
        assert line in exported
