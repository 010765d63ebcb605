"""Verdicts that a list could not tell are found behind it, each once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.bootstrap.open_runs import OpenRuns
from genepool.bootstrap.unjudged_runs import UnjudgedRuns
from genepool.errors import RunNotFound
from genepool.history import RunFilter
from genepool.usecases.fleet import fleet
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles

RUN = bred_run()
SPEC = RUN.plan.spec
CANDLES = NamedCandles({SPEC.data: RUN.plan.candles})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as made:
        record_in(made, RUN)
        yield made


def test_the_next_look_at_the_list_tells_what_the_first_asked_for(store: SqlStore) -> None:
    unjudged = UnjudgedRuns(OpenRuns(store, CANDLES, most=1).open)
    unjudged.look()
    (first,) = fleet(RunFilter(), store.book, store, unjudged=unjudged.ask).champions
    unjudged.look()
    (second,) = fleet(RunFilter(), store.book, store, unjudged=unjudged.ask).champions
    assert first.verdict is None
    assert second.verdict is not None


def test_a_run_whose_candles_are_gone_is_opened_again_only_when_it_has_changed(store: SqlStore) -> None:
    candles = NamedCandles({})
    unjudged = UnjudgedRuns(OpenRuns(store, candles, most=1).open)
    for _ in range(3):
        unjudged.ask(SPEC.run)
        unjudged.ask(SPEC.run)
        unjudged.look()
    assert len(candles.asked) == 1
    store.book.note(SPEC.run, "its candles are here again")
    unjudged.ask(SPEC.run)
    unjudged.look()
    assert len(candles.asked) == 2


def test_a_run_that_was_deleted_is_forgotten(store: SqlStore) -> None:
    unjudged = UnjudgedRuns(OpenRuns(store, CANDLES, most=1).open)
    unjudged.ask("gone")
    with pytest.raises(RunNotFound):
        unjudged.look()
    unjudged.look()
