"""A run that Grafana watches has the bits of an unwatched one, whatever Grafana does."""

import time
from collections.abc import Callable

import pytest

from genepool.adapters.grafana.annotations import GrafanaAnnotations
from genepool.adapters.grafana.grafana_client import Grafana
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Pool, evolve
from genepool.pool.watchers import audience
from genepool.ports import CrewChanged, Seat, Watcher
from tests.fakes.grafana import TOKEN, serving
from tests.fakes.grafana import Grafana as Stub
from tests.fakes.histories import a_spec
from tests.fakes.memory import EventLog, ManualClock, MemoryCache, MemoryEvaluator, MemoryStore
from tests.fakes.species import SPECIES, hilly

ROUTE = "/api/annotations"


def _hang(stub: Stub) -> None:
    stub.reachable.clear()


def _refuse(stub: Stub) -> None:
    stub.refuse = 503


def _talk_rubbish(stub: Stub) -> None:
    stub.instead = (200, "<html>sign in</html>")


def _digest(watching: Watcher) -> str:
    store, spec = (
        MemoryStore(),
        a_spec(settings=EvolutionSettings(population_size=12, generations=5), strategies=("cycle", "slope")),
    )
    store.create(spec)
    coat = CachedEvaluator(MemoryEvaluator(hilly, 5).evaluate, MemoryCache({}), lambda _found: None)
    engine = Engine(SPECIES, spec.settings, spec.seed)
    return evolve(spec, Pool(engine, coat, store, watching, ManualClock(), lambda: False)).digest


def test_a_run_is_marked_from_start_to_end() -> None:
    with serving(Stub()) as stub:
        marks = GrafanaAnnotations(Grafana(stub.url, TOKEN))
        digest = _digest(audience([EventLog(), marks]))
        marks(CrewChanged([Seat("ray-worker-1", "cpu")]))
        marks.close(10)
        events = [mark["tags"][1] for mark in stub.sent_to(ROUTE)]
    assert digest == _digest(EventLog())
    assert (events[0], events[-1]) == ("run_started", "run_finished")
    assert set(events[1:-1]) <= {"new_best"}


@pytest.mark.slow
@pytest.mark.parametrize("misbehave", [_hang, _refuse, _talk_rubbish])
def test_a_grafana_that_misbehaves_changes_nothing(misbehave: Callable[[Stub], None]) -> None:
    failures: list[None] = []
    with serving(Stub()) as stub:
        misbehave(stub)
        marks = GrafanaAnnotations(Grafana(stub.url, TOKEN, 1), lambda: failures.append(None))
        began = time.perf_counter()
        digest = _digest(audience([marks]))
        took = time.perf_counter() - began
        marks.close(10)
    assert digest == _digest(EventLog())
    # Each was given a second, so a run that waited for them would have taken three at least.
    assert len(failures) >= 3
    assert took < 2
