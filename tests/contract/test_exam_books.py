"""What every history promises of looks at sealed candles."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import text

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.copying import copy_history
from genepool.adapters.store.dialect import engine_of
from genepool.history import NewLook
from genepool.ports import ExamBook, RunLog, TrialLedger
from genepool.robustness.exam import Sitting
from genepool.robustness.ledger import KnownMarket
from genepool.usecases.verify_ledger import verify_ledger
from tests.fakes.histories import a_spec
from tests.fakes.memory import MemoryStore
from tests.fakes.postgres import history_url

MARKET, GROWN, OTHER = "d" * 64, "e" * 64, "f" * 64
FIRST = NewLook("1" * 64, "exam", "first", "a" * 16)
SECOND = replace(FIRST, question="2" * 64, run="second", fingerprint="b" * 16)
BY_HAND = replace(FIRST, question="3" * 64, what="backtest", fingerprint="c" * 16)
UNSEALED = replace(FIRST, question="4" * 64, what="unsealed", fingerprint="")
SAT = Sitting(0.1 + 0.2, 31, -0.0, 5e-324)


class Desk(RunLog, TrialLedger, Protocol):
    """Runs, what is known of markets, and looks at what they sealed."""

    @property
    def exams(self) -> ExamBook:
        """The looks."""
        ...


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as held:
        if request.param == "memory":
            made: Desk = MemoryStore()
        else:
            sqlite = request.param == "sqlite"
            url = embedded_url(tmp_path / "h.sqlite") if sqlite else held.enter_context(history_url())
            opened = open_sql_store(url)
            held.callback(opened.close)
            made = opened
        for digest, mark in ((MARKET, 1), (GROWN, 1), (OTHER, 2)):
            made.know_market(KnownMarket(digest, "BTCUSD", "1h", frozenset({mark})))
        yield made


def test_attempts_are_counted_over_all_data_sets_of_a_market(store: Desk) -> None:
    assert store.exams.note_look(MARKET, FIRST).number == 1
    assert store.exams.note_look(GROWN, SECOND).number == 2
    assert store.exams.note_look(MARKET, BY_HAND).number == 3
    assert store.exams.note_look(OTHER, replace(FIRST, question="9" * 64)).number == 1
    assert [look.question for look in store.exams.sealed_looks(GROWN)] == ["1" * 64, "2" * 64, "3" * 64]


def test_the_same_question_again_is_no_other_attempt(store: Desk) -> None:
    asked = store.exams.note_look(MARKET, FIRST)
    assert store.exams.note_look(GROWN, replace(FIRST, run="another")) == asked
    assert len(store.exams.sealed_looks(MARKET)) == 1


def test_what_was_shown_comes_back_bit_for_bit_and_stays(store: Desk) -> None:
    store.exams.note_look(MARKET, FIRST)
    assert store.exams.sealed_looks(MARKET)[0].sitting is None
    store.exams.keep_sitting(FIRST.question, SAT)
    store.exams.keep_sitting(FIRST.question, replace(SAT, t=9.0))
    found = store.exams.sealed_looks(MARKET)[0].sitting
    assert found == SAT
    assert str(found.low) == "-0.0"


def test_after_the_unsealing_nothing_is_counted(store: Desk) -> None:
    store.exams.note_look(MARKET, FIRST)
    unsealed = store.exams.note_look(GROWN, UNSEALED)
    assert (unsealed.what, unsealed.number) == ("unsealed", 1)
    assert store.exams.note_look(MARKET, SECOND) == unsealed
    # What was asked before still has its answer.
    assert store.exams.note_look(MARKET, FIRST).what == "exam"
    assert len(store.exams.sealed_looks(MARKET)) == 2


def test_a_data_set_that_nobody_knows_is_known_by_its_marks(store: Desk) -> None:
    store.exams.note_look(MARKET, FIRST)
    assert store.exams.sealed_looks("0" * 64) == []
    assert len(store.exams.sealed_looks("0" * 64, frozenset({1}))) == 1


def test_the_runs_of_a_market_are_told(store: Desk) -> None:
    store.create(a_spec("first"))
    store.create(a_spec("elsewhere", market_digest=OTHER))
    store.create(a_spec("second", market_digest=GROWN))
    assert [spec.run for spec in store.exams.sealing_runs(MARKET)] == ["first", "second"]


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as made:
        made.create(a_spec("first"))
        made.exams.note_look(MARKET, FIRST)
        made.exams.keep_sitting(FIRST.question, SAT)
        made.claim("first")
        made.finish("first", "interrupted", None)
        yield made


def test_looks_outlive_their_run(sql: SqlStore) -> None:
    sql.book.delete("first")
    sql.prune(0, timedelta(0))
    assert [look.run for look in sql.exams.sealed_looks(MARKET)] == ["first"]
    assert verify_ledger(sql.ledger_book, []).valid


def test_looks_go_where_the_history_goes(sql: SqlStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    engine = engine_of(embedded_url(tmp_path / "h.sqlite"), 1.0)
    copy_history(engine, "h.sqlite", copy)
    engine.dispose()
    with closing(open_sql_store(embedded_url(copy))) as there:
        assert there.exams.sealed_looks(MARKET) == sql.exams.sealed_looks(MARKET)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM sealed_looks", "told of a look at the sealed candles"),
        ("UPDATE sealed_looks SET number = 0", "told of a look at the sealed candles"),
        ("UPDATE sealed_looks SET sitting = NULL", "told of a look at the sealed candles"),
        ("DELETE FROM ledger_entries WHERE what = 'look'", "was deleted"),
    ],
)
def test_nobody_changes_a_look_unseen(sql: SqlStore, tmp_path: Path, change: str, says: str) -> None:
    assert verify_ledger(sql.ledger_book, []).valid
    engine = engine_of(embedded_url(tmp_path / "h.sqlite"), 1.0)
    with engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    faults = verify_ledger(sql.ledger_book, []).faults
    assert any(says in fault.what for fault in faults)
