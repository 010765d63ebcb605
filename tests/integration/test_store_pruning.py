"""Old runs are forgotten; what was tried stays tried, and what a run that stays needs stays too."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.dialect import engine_of
from tests.fakes.histories import a_generation, a_history, a_spec
from tests.fakes.postgres import history_url
from tests.fakes.recorded import populations

WEEK = timedelta(days=7)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield embedded_url(tmp_path / "h.sqlite")
    else:
        with history_url() as made:
            yield made


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = engine_of(url, 5.0)
    yield made
    made.dispose()


@pytest.fixture
def store(url: str, engine: Engine) -> Iterator[SqlStore]:
    """Yield a history of four old runs; two pose one problem, and the second is still running."""
    made = open_sql_store(url)
    for number, run in enumerate(("alone", "alive", "shared", "newest")):
        made.create(a_spec(run, problem_digest=f"{min(number, 2):016d}"))
        made.claim(run)
        for record in a_history(2):
            made.record(run, record)
        if run != "alive":
            made.finish(run, "finished", "abc")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE runs SET finished_at = '2020-01-01T00:00:00.000+00:00' WHERE id <> 2")
        )
        connection.execute(text("UPDATE generations SET recorded_at = '2020-01-01T00:00:00.000+00:00'"))
    yield made
    made.close()


def names(store: SqlStore) -> list[str]:
    return [summary.spec.run for summary in store.summaries()]


def test_old_runs_go_and_the_newest_and_the_living_stay(store: SqlStore) -> None:
    pruned = store.prune(1, WEEK)
    assert (pruned.runs, pruned.kept) == (("alone", "shared"), 2)
    assert names(store) == ["newest", "alive"]


def test_the_ledger_of_trials_stays(store: SqlStore, engine: Engine) -> None:
    before = store.trials("d" * 64)
    store.prune(0, WEEK)
    assert store.trials("d" * 64) == before == 8
    with engine.begin() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM genomes")).scalar() == 8


def test_only_evaluations_of_problems_that_nobody_poses_go(store: SqlStore) -> None:
    assert store.prune(1, WEEK).evaluations == 8
    assert store.evaluations("0" * 16) == {}
    assert len(store.evaluations(f"{2:016d}")) == 8
    assert populations(store, "newest") == [record.population for record in a_history(2)]


def test_all_that_belongs_to_a_run_alone_goes_with_it(store: SqlStore, engine: Engine) -> None:
    store.prune(1, WEEK)
    for table in ("generations", "lineage", "individuals"):
        with engine.begin() as connection:
            found = connection.execute(text(f"SELECT DISTINCT run_id FROM {table} ORDER BY run_id"))  # noqa: S608 - fixed words
            assert [row[0] for row in found] == [2, 4]


def test_a_rehearsal_tells_the_same_and_changes_nothing(store: SqlStore) -> None:
    rehearsed = store.prune(1, WEEK, rehearse=True)
    assert len(names(store)) == 4
    assert len(store.evaluations("0" * 16)) == 8
    assert store.prune(1, WEEK) == rehearsed


def test_young_runs_stay_however_many_there_are(store: SqlStore) -> None:
    store.create(a_spec("young"))
    store.finish("young", "failed", None)
    assert "young" not in store.prune(0, WEEK).runs


def test_waiting_runs_stay(store: SqlStore) -> None:
    store.reopen("alone")
    store.submit("alone")
    assert "alone" not in store.prune(0, WEEK).runs


def test_a_run_whose_process_died_long_ago_goes(url: str, store: SqlStore, engine: Engine) -> None:
    store.close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE runs SET lease_until = 17 WHERE name = 'alive'"))
    after = open_sql_store(url)
    assert "alive" in after.prune(1, WEEK).runs
    after.close()


def test_a_pruned_name_can_be_used_again(store: SqlStore) -> None:
    store.prune(1, WEEK)
    store.create(a_spec("alone", problem_digest="0" * 16))
    store.record("alone", a_generation(0, 0))
    assert populations(store, "alone") == [a_generation(0, 0).population]
