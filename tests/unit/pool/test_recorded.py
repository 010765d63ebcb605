"""A run is read some generations at a time, however large it is."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import RunNotFound
from genepool.evolution.population import Population
from genepool.history import BirthLine, GenerationRecord, run_digest
from genepool.pool import recorded as reading_in_parts
from genepool.pool.births import Birth
from genepool.pool.recorded import birth_lines, born, recorded
from tests.fakes.candle_sources import WholeHistory
from tests.fakes.histories import a_generation, a_history, a_spec
from tests.fakes.memory import MemoryStore


class Counted(MemoryStore):
    """Notes how much of it is read at once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:  # type: ignore[explicit-override] # Python 3.11 has none
        self.asked.append(count)
        return super().generations(run, first, count)


@pytest.fixture
def large(tmp_path: Path) -> Iterator[SqlStore]:
    """Yield a history with a run of a megabyte or two."""
    store = open_sql_store(embedded_url(tmp_path / "h.sqlite"))
    store.create(a_spec())
    before: Population | None = None
    for number in range(16):
        record = a_generation(number, 50 * number, size=50, before=before)
        store.record("first", record)
        before = record.population
    yield store
    store.close()


def test_every_generation_comes_once_and_in_order() -> None:
    store = Counted()
    store.create(a_spec())
    for record in a_history(40):
        store.record("first", record)
    assert list(recorded(store, "first")) == a_history(40)
    assert list(recorded(store, "first", 37)) == a_history(40)[37:]
    assert list(recorded(store, "first", 40)) == []


def test_small_generations_are_read_many_at_once_and_large_ones_few() -> None:
    store = Counted()
    for run, size, problem in (("small", 4, "p"), ("large", 3_000, "q")):
        store.create(a_spec(run, problem_digest=problem * 16))
        store.record(run, a_generation(0, 0, size=size))
        store.asked.clear()
        list(recorded(store, run))
        assert store.asked == [1, 500 if run == "small" else 1]


def test_individuals_are_read_again_from_their_own_generations_alone() -> None:
    store, history = Counted(), a_history(40)
    store.create(a_spec())
    for record in history:
        store.record("first", record)
    wanted = [history[30].newborn[1], history[7].newborn[0], history[7].newborn[2]]
    found = born(store, "first", [Birth(one.born, one.genome.fingerprint) for one in wanted])
    assert found == [wanted[1], wanted[2], wanted[0]]
    assert store.asked == [1, 1]


def test_an_unknown_run_is_not_found() -> None:
    with pytest.raises(RunNotFound):
        next(recorded(MemoryStore(), "nobody"))


@pytest.mark.slow
def test_the_digest_of_a_large_run_takes_little_memory(
    large: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_in_parts, "_INDIVIDUALS", 100)
    whole, digest = _peak(lambda: run_digest(list(recorded(large, "first"))))
    streamed, same = _peak(lambda: run_digest(recorded(large, "first")))
    assert digest == same
    assert streamed < whole / 2


def _peak(work: Callable[[], str]) -> tuple[int, str]:
    tracemalloc.start()
    try:
        result = work()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


def test_births_are_told_by_their_lines_some_generations_at_a_time() -> None:
    asked = list[tuple[int, int]]()

    class Noting(WholeHistory):
        def birth_lines(self, run: str, first: int, count: int) -> list[BirthLine]:  # type: ignore[explicit-override] # as above
            asked.append((first, count))
            return super().birth_lines(run, first, count)

    history = Noting()
    history.create(a_spec())
    for record in a_history(9):
        history.record("first", record)
    lines = list(birth_lines(history, "first", 8))
    assert [line.generation for line in lines] == [number for number in range(8) for _ in range(4)]
    assert asked == [(0, 1), (1, 7)]
    assert list(birth_lines(history, "first", 0)) == []
