"""An idle coordinator prunes old trials once a day, and gives way to a run at once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.bootstrap import service
from genepool.bootstrap.housekeeping import Housekeeping, prune_by_rule
from genepool.errors import StoreAway
from genepool.pool.planning import Plan
from genepool.ports import Watcher
from genepool.settings import Settings
from tests.fakes.histories import a_history, a_spec
from tests.fakes.memory import ManualClock
from tests.fakes.service_notes import ServiceNotes

HOUR = 3_600.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_sql_store(embedded_url(tmp_path / "h.sqlite"))
    finish(made, "first")
    yield made
    made.close()


def finish(store: SqlStore, run: str) -> None:
    store.create(a_spec(run))
    for record in a_history():
        store.record(run, record)
    store.finish(run, "finished", "abc")


def pruned(store: SqlStore) -> list[str]:
    return sorted(line.spec.run for line in store.summaries() if line.pruned_at)


def keeping(
    store: SqlStore, clock: ManualClock, days: float | None = 0.0, busy: Callable[[], bool] = lambda: False
) -> Housekeeping:
    return Housekeeping(store, days, clock, busy)


def test_it_prunes_at_once_and_then_once_a_day(store: SqlStore) -> None:
    clock = ManualClock()
    house = keeping(store, clock)
    house.look()
    assert pruned(store) == ["first"]
    finish(store, "second")
    clock.advance(23 * HOUR)
    house.look()
    assert pruned(store) == ["first"]
    clock.advance(2 * HOUR)
    house.look()
    assert pruned(store) == ["first", "second"]


def test_without_the_setting_everything_stays(store: SqlStore) -> None:
    keeping(store, ManualClock(), days=None).look()
    assert prune_by_rule(store, None)
    assert pruned(store) == []


def test_young_runs_stay(store: SqlStore) -> None:
    keeping(store, ManualClock(), days=1.0).look()
    assert pruned(store) == []


def test_it_gives_way_to_a_run_and_continues_when_idle_again(store: SqlStore) -> None:
    waiting = [True]
    house = keeping(store, ManualClock(), busy=lambda: waiting[0])
    house.look()
    assert pruned(store) == []
    waiting[0] = False
    house.look()
    assert pruned(store) == ["first"]


def test_a_history_that_is_away_is_left_alone_for_a_while(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, asked = ManualClock(), list[float]()

    def away(*_: object, **__: object) -> None:
        asked.append(clock.seconds())
        raise StoreAway("the history does not answer")

    monkeypatch.setattr(store, "prune_trials", away)
    house = keeping(store, clock)
    with capture_logs() as lines:
        for _ in range(100):
            house.look()
            clock.advance(10.0)
    assert len(asked) == 2
    assert [line["event"] for line in lines] == ["pruning_put_off"] * 2


def test_what_went_is_logged(store: SqlStore) -> None:
    with capture_logs() as lines:
        keeping(store, ManualClock()).look()
        keeping(store, ManualClock()).look()
    assert [(line["event"], line["runs"], line["trials"], line["kept"]) for line in lines] == [
        ("trials_pruned", ["first"], 1, 11)
    ]


class NoCluster:
    """A connection to a cluster that no run needs."""

    held, cpus = True, 0

    def __init__(self, _address: str, _watcher: Watcher, _budget_of: object) -> None:
        pass

    def give_back(self) -> None:
        pass

    def let_go(self) -> None:
        pass


def test_a_coordinator_without_a_run_keeps_house(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ClusterConnection", NoCluster)
    asked = iter(range(1_000))
    settings = Settings(home=tmp_path, database_url=embedded_url(tmp_path / "h.sqlite"), keep_trials_days=0)

    def no_plan(*_: object) -> Plan:
        raise AssertionError("there is no run")

    def stopping() -> bool:
        return bool(pruned(store)) or next(asked) > 100

    with service.open_service(settings, no_plan, ServiceNotes(), stopping) as ready:
        ready.work()
    assert pruned(store) == ["first"]
