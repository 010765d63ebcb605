"""The ledger for people: which runs tried, and what luck makes of it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.robustness.sharpe_statistics import expected_best_sharpe
from genepool.usecases.explain_ledger import explain_ledger
from tests.fakes.bred_runs import bred_run, record_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as opened:
        yield opened


def test_nothing_was_tried_yet(store: SqlStore) -> None:
    page = explain_ledger(store.ledger_book, store)
    assert (page.ledgers, page.next, page.total) == ([], None, 0)


def test_a_market_names_its_newest_runs_and_the_luck_of_all_trials(store: SqlStore) -> None:
    for number in range(7):
        record_in(store, bred_run(f"run-{number}"))
    (one,) = explain_ledger(store.ledger_book, store).ledgers
    assert one.line.runs == 7
    assert one.newest_runs == [f"run-{number}" for number in (6, 5, 4, 3, 2)]
    assert one.lucky_sharpe == expected_best_sharpe(one.line.trials, 1.0) > 0
