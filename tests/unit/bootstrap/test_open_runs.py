"""Runs that were looked at last are not read again until they change."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.bootstrap.open_runs import OpenRuns
from genepool.errors import RunNotFound
from genepool.usecases.describe_run import describe_run
from genepool.usecases.page_generations import page_generations
from genepool.usecases.page_leaderboard import page_leaderboard
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles
from tests.fakes.histories import a_generation, a_genome, a_result, a_spec

RUN = bred_run()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as made:
        record_in(made, RUN)
        yield made


@pytest.fixture
def candles() -> NamedCandles:
    return NamedCandles({RUN.plan.spec.data: RUN.plan.candles})


@pytest.fixture
def runs(store: SqlStore, candles: NamedCandles) -> OpenRuns:
    return OpenRuns(store, candles, most=2)


def test_a_run_that_nothing_has_changed_is_read_once(
    runs: OpenRuns, store: SqlStore, candles: NamedCandles, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = describe_run, page_generations, page_leaderboard
    first = [page(runs.open("small")) for page in pages]
    for method in ("birth_lines", "generation_lines", "generations", "last_population"):
        monkeypatch.setattr(store, method, None)
    assert [page(runs.open("small")) for page in pages] == first
    assert len(candles.asked) == 1


def test_a_run_that_goes_on_is_read_anew(runs: OpenRuns, store: SqlStore) -> None:
    store.create(a_spec())
    store.claim("first")
    seen = []
    before = None
    for number in range(3):
        record = a_generation(number, 10 * number, before=before)
        store.record("first", record)
        before = record.population
        seen.append(page_leaderboard(runs.open("first")).total)
    assert seen == [3, 6, 9]


def test_a_note_is_shown_at_once(runs: OpenRuns, store: SqlStore) -> None:
    runs.open("small")
    store.book.note("small", "a good one")
    assert runs.open("small").summary.note == "a good one"


def test_trials_of_other_runs_change_the_verdict(runs: OpenRuns, store: SqlStore) -> None:
    before = describe_run(runs.open("small"))
    store.remember(RUN.plan.spec.problem_digest, [a_result(a_genome(1), 0.5)])
    after = describe_run(runs.open("small"))
    assert after.trials == before.trials + 1
    assert after.verdict != before.verdict


def test_the_runs_looked_at_last_are_held_and_no_others(runs: OpenRuns, store: SqlStore) -> None:
    for name in ("first", "second"):
        store.create(a_spec(name))
    small = runs.open("small")
    runs.open("first")
    assert runs.open("small") is small
    runs.open("second")
    assert runs.open("small") is small
    runs.open("first")
    runs.open("second")
    assert runs.open("small") is not small


def test_a_run_that_is_gone_is_not_found_although_it_was_held(runs: OpenRuns, store: SqlStore) -> None:
    runs.open("small")
    store.book.rename("small", "large")
    assert runs.open("large").name == "large"
    store.book.delete("large")
    for name in ("small", "large"):
        with pytest.raises(RunNotFound):
            runs.open(name)


def test_several_threads_see_the_same(runs: OpenRuns) -> None:
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda _: page_leaderboard(runs.open("small")), range(8)))
    assert all(page == pages[0] for page in pages)
