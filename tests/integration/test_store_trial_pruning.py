"""Old runs forget their trials: what made them, and what is judged by them, stays."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store, pruned_trials
from genepool.adapters.store.dialect import engine_of
from genepool.errors import RunPruned
from genepool.history import GenerationRecord, leaderboard, run_digest
from genepool.pool.recorded import recorded
from scripts.validation.check_history import check
from tests.fakes.histories import a_generation, a_history, a_spec
from tests.fakes.postgres import history_url
from tests.fakes.recorded import newborn, populations

NOW = timedelta(0)
MARKET = "d" * 64
GENERATIONS = 5


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep two places and prune a generation at a time, so that small runs have something to lose."""
    monkeypatch.setattr(pruned_trials, "BOARD_PLACES", 2)
    monkeypatch.setattr(pruned_trials, "_BIRTHS", 4)


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


def history(shift: int = 0) -> list[GenerationRecord]:
    """Return generations in which parents are the two best of the one before."""
    records: list[GenerationRecord] = []
    for number in range(GENERATIONS):
        before = records[-1].population if records else None
        records.append(a_generation(number, shift + 10 * number, before=before))
    return records


def record_run(store: SqlStore, run: str, records: list[GenerationRecord], problem: str = "p") -> None:
    store.create(a_spec(run, problem_digest=problem * 16))
    store.claim(run)
    for record in records:
        store.record(run, record)
    store.finish(run, "finished", run_digest(recorded(store, run)))


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """Yield a history of one finished run."""
    made = open_sql_store(url)
    record_run(made, "first", history())
    yield made
    made.close()


def line(store: SqlStore, run: str = "first") -> Any:  # noqa: ANN401 - one summary
    return next(one for one in store.summaries() if one.spec.run == run)


def kept(store: SqlStore, run: str = "first") -> set[str]:
    return {one.genome.fingerprint for one in store.births(run)}


def family(records: list[GenerationRecord], places: int = 2) -> set[str]:
    """Return the best of a run and all their ancestors."""
    born = {one.genome.fingerprint: one for record in records for one in record.newborn}
    found: set[str] = set()
    waiting = [one.genome.fingerprint for one in leaderboard(born.values(), places)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += born[name].candidate.parents
    return found


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_best_and_all_their_ancestors_stay_bit_for_bit(store: SqlStore) -> None:
    born = {one.genome.fingerprint: one for record in history() for one in record.newborn}
    done = store.prune_trials(NOW)
    left = store.births("first")
    assert kept(store) == family(history())
    assert left == [born[one.genome.fingerprint] for one in left]
    assert (done.runs, done.trials, done.kept, done.complete) == (("first",), 20 - len(left), len(left), True)
    assert 0 < len(left) < 20


def test_the_summary_says_what_it_said_and_since_when_it_is_pruned(store: SqlStore) -> None:
    before = line(store)
    store.prune_trials(NOW)
    after = line(store)
    assert replace(after, pruned_at=None) == before
    assert (before.pruned_at, after.pruned_at is None) == (None, False)


def test_every_trial_stays_counted_with_its_genome(store: SqlStore, engine: Engine) -> None:
    before = store.trials(MARKET)
    store.prune_trials(NOW)
    assert store.trials(MARKET) == before == 20
    assert rows(engine, "SELECT COUNT(*) FROM genomes") == [(20,)]
    assert rows(engine, "SELECT COUNT(*) FROM individuals") == [(0,)]
    assert rows(engine, "SELECT COUNT(*) FROM evaluations") == [(len(family(history())),)]


def test_a_genome_that_is_tried_again_is_no_new_trial(store: SqlStore) -> None:
    store.prune_trials(NOW)
    record_run(store, "second", history())
    assert store.trials(MARKET) == 20
    assert populations(store, "second") == [record.population for record in history()]


def test_what_another_run_of_the_problem_needs_stays(store: SqlStore) -> None:
    record_run(store, "second", history())
    store.reopen("second")
    store.prune_trials(NOW)
    assert line(store, "first").pruned_at is not None
    assert [one.genome for _, one in newborn(store, "second")] == [
        one.genome for record in history() for one in record.newborn
    ]


@pytest.mark.parametrize("state", ["interrupted", "failed", "queued"])
def test_only_finished_runs_are_pruned(store: SqlStore, state: Any) -> None:  # noqa: ANN401 - three of the states
    store.reopen("first")
    store.claim("first")
    store.finish("first", state, None)
    assert store.prune_trials(NOW).runs == ()
    assert populations(store, "first") == [record.population for record in history()]


def test_a_run_that_was_resumed_is_not_pruned(url: str, store: SqlStore) -> None:
    store.reopen("first")
    store.claim("first")
    with closing(open_sql_store(url)) as other:
        assert other.prune_trials(NOW).runs == ()


def test_young_runs_are_not_pruned(store: SqlStore) -> None:
    assert store.prune_trials(timedelta(days=1)).runs == ()
    assert line(store).pruned_at is None


def test_a_rehearsal_tells_the_same_and_changes_nothing(store: SqlStore) -> None:
    told = store.prune_trials(NOW, rehearse=True)
    assert line(store).pruned_at is None
    assert len(store.births("first")) == 20
    assert store.prune_trials(NOW) == told
    assert store.prune_trials(NOW).runs == ()


@pytest.mark.parametrize("steps", range(GENERATIONS + 2))
def test_wherever_it_is_broken_off_the_next_one_ends_the_same(
    url: str, store: SqlStore, engine: Engine, steps: int
) -> None:
    asked = 0

    def killed() -> bool:
        nonlocal asked
        asked += 1
        if asked > steps:
            raise KeyboardInterrupt
        return False

    if steps <= GENERATIONS:
        with pytest.raises(KeyboardInterrupt):
            store.prune_trials(NOW, enough=killed)
    else:
        store.prune_trials(NOW, enough=killed)
    assert store.trials(MARKET) == 20
    assert family(history()) <= kept(store)
    assert check(make_url(url), [], None, None, ended=True)["passed"]
    store.prune_trials(NOW)
    assert kept(store) == family(history())
    assert line(store).evaluations == 20
    assert rows(engine, "SELECT COUNT(*), MAX(kept_births) FROM lineage, runs") == [(len(kept(store)),) * 2]


def test_it_stops_when_told_and_says_that_more_is_to_do(store: SqlStore) -> None:
    answers = iter([False, False, True])
    done = store.prune_trials(NOW, enough=lambda: next(answers))
    assert (done.runs, done.trials > 0, done.complete) == (("first",), True, False)


def test_a_pruned_run_is_neither_resumed_nor_read_generation_by_generation(store: SqlStore) -> None:
    store.prune_trials(NOW)
    sentence = r"run first was pruned on 20\d\d-\d\d-\d\d: .* can be shown, but neither resumed"
    attempts = (
        lambda: store.claim("first"),
        lambda: store.submit("first"),
        lambda: store.last_population("first"),
        lambda: store.record("first", a_generation(GENERATIONS, 99)),
        lambda: store.generations("first", 0, 1),
    )
    for attempt in attempts:
        with pytest.raises(RunPruned, match=sentence):
            attempt()
    assert line(store).state == "finished"


def test_a_run_that_a_user_reopens_is_not_pruned_before_it_is_claimed(url: str, store: SqlStore) -> None:
    store.reopen("first")
    with closing(open_sql_store(url)) as other:
        assert other.prune_trials(NOW).runs == ()
    store.claim("first")


def test_a_pruned_run_is_not_reopened(store: SqlStore) -> None:
    store.prune_trials(NOW)
    with pytest.raises(RunPruned, match="was pruned"):
        store.reopen("first")
    assert line(store).state == "finished"


def test_views_tell_of_a_pruned_run_only_what_is_left(store: SqlStore, engine: Engine) -> None:
    board = "SELECT fingerprint, rank FROM leaderboard WHERE run = 'first' AND rank <= 2 ORDER BY rank"
    before = rows(engine, board)
    store.prune_trials(NOW)
    assert rows(engine, board) == before
    progress = "SELECT seconds, best, median, worst, evaluations FROM run_progress WHERE run = 'first'"
    assert rows(engine, progress) == [(1.25, None, None, None, None)] * GENERATIONS


class TestChecker:
    def test_a_pruned_run_is_no_finding(self, url: str, store: SqlStore) -> None:
        store.prune_trials(NOW)
        document = check(make_url(url), [], None, None, ended=True)
        assert document["findings"] == []
        assert document["runs"][0]["pruned_at"] == line(store).pruned_at

    def test_a_birth_that_was_lost_afterwards_is_found(
        self, url: str, store: SqlStore, engine: Engine
    ) -> None:
        store.prune_trials(NOW)
        ancestor = next(one for one in store.births("first") if one.born == 0).genome.fingerprint
        with engine.begin() as connection:
            connection.execute(text(f"DELETE FROM lineage WHERE fingerprint = '{ancestor}'"))  # noqa: S608 - its own
        names = {found["finding"] for found in check(make_url(url), [], None, None, ended=True)["findings"]}
        assert names == {"pruned-birth-missing", "ancestor-missing"}

    def test_a_run_that_lost_its_trials_without_the_mark_is_found(
        self, url: str, store: SqlStore, engine: Engine
    ) -> None:
        store.prune_trials(NOW)
        with engine.begin() as connection:
            connection.execute(text("UPDATE runs SET pruned_at = NULL"))
        assert not check(make_url(url), [], None, None, ended=True)["passed"]


class TestSize:
    def test_it_adds_up_table_by_table(self, store: SqlStore) -> None:
        size = store.size()
        assert {"evaluations", "ledger", "lineage", "individuals"} <= {one.table for one in size.tables}
        assert all(one.rows_bytes > 0 for one in size.tables if one.table == "ledger")
        assert (size.runs, size.pruned, size.evaluations) == (1, 0, 20)
        assert size.bytes_an_evaluation == (size.bytes - size.free) / 20

    def test_pruned_evaluations_stay_counted(self, store: SqlStore) -> None:
        store.prune_trials(NOW)
        assert (store.size().pruned, store.size().evaluations) == (1, 20)

    def test_an_empty_history_has_no_bytes_an_evaluation(self, tmp_path: Path) -> None:
        with closing(open_sql_store(embedded_url(tmp_path / "empty.sqlite"))) as empty:
            assert empty.size().bytes_an_evaluation is None


def test_the_history_of_these_tests_has_something_to_lose() -> None:
    assert 0 < len(family(a_history(GENERATIONS))) < 4 * GENERATIONS
