"""What every history promises of searches on null markets."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from genepool.adapters.store import embedded_url, open_sql_store
from genepool.errors import RunNotFound
from genepool.history import THE_RUN_ITSELF, NullSearch
from genepool.ports import NullSearches, RunLog
from tests.fakes.histories import a_spec
from tests.fakes.memory import MemoryStore
from tests.fakes.postgres import history_url

ONE = NullSearch("d" * 64, "block_shuffle", 1, {"sum_of_both": 0.1 + 0.2, "joined_t": None}, 42)
OWN = NullSearch("d" * 64, "", THE_RUN_ITSELF, {"sum_of_both": -0.0, "joined_t": 5e-324}, 43)


class Beside(RunLog, NullSearches, Protocol):
    """Runs, and null searches beside them."""


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
    assert store.null_searches("first") == []


def test_they_come_back_bit_for_bit_in_order(store: Beside) -> None:
    other = replace(ONE, generator="sign_flip")
    for each in (other, replace(ONE, number=10), ONE, replace(ONE, number=2), OWN):
        store.keep_null_search("first", each)
    numbers = [(one.generator, one.number) for one in store.null_searches("first")]
    assert numbers == [("", 0), *[("block_shuffle", k) for k in (1, 2, 10)], ("sign_flip", 1)]
    assert store.null_searches("first")[:2] == [OWN, ONE]
    assert str(store.null_searches("first")[0].figures["sum_of_both"]) == "-0.0"


def test_the_same_one_again_changes_nothing(store: Beside) -> None:
    store.keep_null_search("first", ONE)
    store.keep_null_search("first", replace(ONE, trials=7))
    assert store.null_searches("first") == [ONE]


def test_each_run_has_its_own(store: Beside) -> None:
    store.keep_null_search("first", ONE)
    assert store.null_searches("second") == []


def test_there_must_be_a_run(store: Beside) -> None:
    with pytest.raises(RunNotFound):
        store.keep_null_search("third", ONE)
    with pytest.raises(RunNotFound):
        store.null_searches("third")


def test_the_runs_that_searched_a_market_are_told_with_their_nulls(store: Beside) -> None:
    store.create(a_spec("elsewhere", market_digest="e" * 64))
    store.keep_null_search("second", ONE)
    found = store.searched_runs("d" * 64)
    assert [(one.run, one.run_digest, list(one.nulls)) for one in found] == [
        ("first", None, []),
        ("second", None, [ONE]),
    ]
    assert [one.run for one in store.searched_runs("e" * 64)] == ["elsewhere"]
    assert store.searched_runs("f" * 64) == []
