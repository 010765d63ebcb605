"""What every history promises of how champions were weighed."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import RunNotFound
from genepool.history import Weighing
from genepool.ports import EvaluationHistory, RunLog, Weighings
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.memory import MemoryStore
from tests.fakes.postgres import history_url

FOUND = {"genomes": 12, "bets": None, "figure": 0.1 + 0.2, "stability": [["cost_stress", {"made": True}]]}
ONE = Weighing("d" * 64, "0.1.0 2.1", "f" * 16, 42, FOUND)


class Beside(RunLog, EvaluationHistory, Protocol):
    """Runs, and weighings beside them."""

    @property
    def weighings(self) -> Weighings: ...


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Beside]:
    with ExitStack() as held:
        if request.param == "memory":
            made: Beside = MemoryStore()
        else:
            sqlite = request.param == "sqlite"
            url = embedded_url(tmp_path / "h.sqlite") if sqlite else held.enter_context(history_url())
            opened = open_sql_store(url)
            held.callback(opened.close)
            made = opened
        made.create(a_spec("first"))
        made.create(a_spec("second"))
        yield made


def test_a_run_has_none_at_first(store: Beside) -> None:
    assert store.weighings.of_runs(["first", "second", "third"]) == {}
    assert store.weighings.of_runs([]) == {}


def test_each_run_has_its_own_and_it_comes_back_bit_for_bit(store: Beside) -> None:
    other = replace(ONE, run_digest="e" * 64)
    store.weighings.keep("first", ONE)
    store.weighings.keep("second", other)
    assert store.weighings.of_runs(["second", "first", "third"]) == {"first": ONE, "second": other}
    assert store.weighings.of_runs(["second"]) == {"second": other}


def test_a_newer_one_stands_in_the_place_of_an_older_one(store: Beside) -> None:
    newer = replace(ONE, evaluated=43, found={"genomes": 13})
    for each in (ONE, ONE, newer):
        store.weighings.keep("first", each)
    assert store.weighings.of_runs(["first"]) == {"first": newer}


def test_there_must_be_a_run(store: Beside) -> None:
    with pytest.raises(RunNotFound):
        store.weighings.keep("third", ONE)


def test_the_evaluations_of_a_problem_are_counted(store: Beside) -> None:
    digest = a_spec("first").problem_digest
    assert store.weighings.evaluated(digest) == 0
    generation = a_generation(0, 0)
    store.record("first", generation)
    assert store.weighings.evaluated(digest) == len(generation.newborn)
    assert store.weighings.evaluated("another") == 0


def test_it_goes_with_its_run_and_follows_its_name(tmp_path: Path) -> None:
    store: SqlStore = open_sql_store(embedded_url(tmp_path / "h.sqlite"))
    try:
        store.create(a_spec("first"))
        store.finish("first", "interrupted", None)
        store.weighings.keep("first", ONE)
        store.book.rename("first", "better")
        assert store.weighings.of_runs(["first", "better"]) == {"better": ONE}
        store.book.delete("better")
        store.create(a_spec("better"))
        assert store.weighings.of_runs(["better"]) == {}
    finally:
        store.close()
