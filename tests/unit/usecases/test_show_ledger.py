"""What counts on one market, by whom, and what so many trials show by luck."""

import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.history import TrialOrigins
from genepool.robustness.ledger import KnownMarket
from genepool.robustness.sharpe_statistics import expected_best_sharpe, minimum_backtest_length
from genepool.robustness.trial_sharpes import sharpe_spread
from genepool.usecases.explain_ledger import explain_ledger
from genepool.usecases.show_ledger import show_ledger
from tests.fakes.bred_runs import bred_run, record_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as opened:
        yield opened


def unnamed(digest: str, *marks: int) -> KnownMarket:
    return KnownMarket(digest, "", "", frozenset(marks))


def test_nothing_was_tried_on_a_market_that_nobody_knows(store: SqlStore) -> None:
    shown = show_ledger(store.ledger_book, unnamed("e" * 64))
    assert (shown.trials, shown.lucky_sharpe, shown.sharpes, shown.entries) == (0, 0.0, None, 0)


def test_its_figures_are_those_of_the_list_and_of_the_verdict(store: SqlStore) -> None:
    run = bred_run("first")
    record_in(store, run)
    digest = run.plan.spec.market_digest
    shown = show_ledger(store.ledger_book, unnamed(digest))
    (listed,) = explain_ledger(store.ledger_book, store).ledgers
    assert shown.trials == listed.line.trials == store.trials(digest) == run.judged.trials
    assert shown.origins == listed.line.origins == TrialOrigins(runs=shown.trials)
    assert shown.lucky_sharpe == listed.lucky_sharpe == expected_best_sharpe(shown.trials, 1.0)
    assert (
        shown.minimum_backtest_years == listed.minimum_backtest_years == minimum_backtest_length(shown.trials)
    )


def test_it_tells_the_spread_of_what_trials_showed_and_the_best_beside_luck(store: SqlStore) -> None:
    run = bred_run("first")
    record_in(store, run)
    scored = [one.evaluation.scored for _, one in run.newborn if one.evaluation.scored]
    sharpes = [one.walk_forward.sharpe for one in scored]
    mean = math.fsum(sharpes) / len(sharpes)
    spread = show_ledger(store.ledger_book, unnamed(run.plan.spec.market_digest)).sharpes
    assert spread is not None
    assert (spread.trials, spread.best) == (len(sharpes), max(sharpes))
    assert spread.mean == pytest.approx(mean)
    assert spread.deviation == pytest.approx(
        math.sqrt(math.fsum((sharpe - mean) ** 2 for sharpe in sharpes) / len(sharpes))
    )
    evidence = run.judged.evidence
    assert evidence is not None
    assert spread.years == evidence.years
    assert spread.expected_best == evidence.expected_best


def test_a_data_set_that_is_new_counts_what_was_tried_on_the_same_candles(store: SqlStore) -> None:
    run = bred_run("first")
    record_in(store, run)
    digest = run.plan.spec.market_digest
    store.know_market(KnownMarket(digest, "BTCUSD", "1h", frozenset({1, 2})))
    shown = show_ledger(store.ledger_book, unnamed("e" * 64, 2, 3))
    assert (shown.trials, shown.counted_with) == (store.trials(digest), [digest])
    assert show_ledger(store.ledger_book, unnamed("e" * 64, 4)).trials == 0


def test_without_a_span_there_is_no_spread() -> None:
    assert sharpe_spread([], 10) is None
    assert sharpe_spread([(1.0, 0.0)], 10) is None
