"""The rung that metrics show follows what other processes write to the history."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.bootstrap.open_runs import OpenRuns
from genepool.bootstrap.rung_following import LastRun, RungFollower, rung_following
from genepool.errors import DataError
from genepool.history import THE_RUN_ITSELF, NewLook, NullSearch
from genepool.pool.sealed import exam_question
from genepool.ports import Event, RunClimbed, RunEnded, RunStarted
from genepool.robustness.exam import Sitting
from genepool.robustness.search_statistics import DEFAULT_STATISTIC, SHARPE_OF_CHAMPION
from genepool.usecases.check_champion import check_champion
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles
from tests.fakes.histories import a_spec

RUN = bred_run()
SPEC, CHAMPION = RUN.plan.spec, RUN.judged.board[0].genome.fingerprint
CANDLES = NamedCandles({SPEC.data: RUN.plan.candles})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as made:
        record_in(made, RUN)
        yield made


@pytest.fixture
def elsewhere(store: SqlStore, tmp_path: Path) -> Iterator[SqlStore]:
    """Return the same history as another process opens it."""
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as other:
        assert other.identity() == store.identity()
        yield other


class Told:
    """A follower, and what it told."""

    def __init__(self, store: SqlStore, candles: NamedCandles = CANDLES) -> None:
        self.last = LastRun()
        self.events: list[Event] = []
        self.follower = RungFollower(self.last, OpenRuns(store, candles, most=1).open, self.hear)

    def hear(self, event: Event) -> None:
        self.last(event)
        self.events.append(event)

    def look(self) -> list[Event]:
        """Look, and return what was told by it."""
        before = len(self.events)
        self.follower.look()
        return self.events[before:]


def survive(store: SqlStore) -> None:
    for number in range(THE_RUN_ITSELF, 20):
        figures = {DEFAULT_STATISTIC: 1.0 if number else 2.0, SHARPE_OF_CHAMPION: 0.1}
        generator = "block_shuffle" if number else ""
        store.keep_null_search(SPEC.run, NullSearch(RUN.summary.digest or "", generator, number, figures, 50))


def pass_the_exam(store: SqlStore) -> None:
    question = exam_question(SPEC, CHAMPION)
    store.exams.note_look(SPEC.market_digest, NewLook(question, "exam", SPEC.run, CHAMPION))
    store.exams.keep_sitting(question, Sitting(3.0, 400, 0.1, 3.0))


def test_the_rung_follows_the_history_that_another_process_writes(
    store: SqlStore, elsewhere: SqlStore
) -> None:
    told = Told(store)
    assert told.look() == [], "no run has ended"
    told.last(RunEnded(SPEC, "finished"))
    (first,) = told.look()
    assert told.look() == [], "nothing more is known"
    survive(elsewhere)
    (second,) = told.look()
    pass_the_exam(elsewhere)
    (third,) = told.look()
    past = OpenRuns(elsewhere, CANDLES).open(SPEC.run)
    assert third == RunClimbed(SPEC.run, past.climbed(past.judged(past.plan()))[0].height)
    assert isinstance(first, RunClimbed)
    assert isinstance(second, RunClimbed)
    # Its neighbours are tried by a check, elsewhere too.
    check_champion(past, names=["neighbourhood"])
    (fourth,) = told.look()
    assert fourth == RunClimbed(SPEC.run, past.climbed(past.judged(past.plan()))[0].height)


def test_while_a_run_is_bred_the_one_before_is_not_followed(store: SqlStore) -> None:
    told = Told(store)
    told.last(RunEnded(SPEC, "finished"))
    told.last(RunStarted(a_spec(), None))
    assert told.look() == []
    told.last(RunClimbed(SPEC.run, 1))
    assert len(told.look()) == 1


def test_a_run_whose_candles_are_gone_is_said_once(store: SqlStore) -> None:
    told = Told(store, NamedCandles({}))
    told.last(RunEnded(SPEC, "finished"))
    with pytest.raises(DataError):
        told.look()
    assert told.look() == []


def test_a_thread_looks_until_the_end_whatever_a_look_raises() -> None:
    looked = threading.Semaphore(0)

    def away() -> None:
        looked.release()
        raise DataError("no candles")

    with rung_following(away, 0.001):
        assert all(looked.acquire(timeout=10) for _ in range(2))
    assert not any(thread.name == "rung" for thread in threading.enumerate())
