"""``genepool ledger`` on a history of its own."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.errors import ConfigError, DataError, GenepoolError, LedgerChanged
from genepool.pool.judging import judge_recorded
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket
from genepool.settings import load_settings
from genepool.usecases.explain_ledger import explain_ledger
from genepool.usecases.ledger_market import checked_market
from genepool.usecases.show_ledger import show_ledger
from tests.fakes.bred_runs import bred_run, record_in

Command = Callable[..., str]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return ``genepool ledger``, at home in a history of one run."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    with closing(open_store(load_settings())) as store:
        record_in(store, bred_run("first"))

    def call(*arguments: str) -> str:
        result = CliRunner().invoke(build(), ["ledger", *arguments])
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def test_without_a_market_it_lists_all_as_the_page_of_the_service_does(ledger: Command) -> None:
    with closing(open_store(load_settings())) as store:
        expected = explain_ledger(store.ledger_book, store)
    assert json.loads(ledger("show", "--json")) == expected.as_json()
    assert f"{expected.ledgers[0].line.trials}" in ledger("show")


@pytest.mark.parametrize("word", ["SYNTHETIC-REGIMES", "synthetic-regimes 1h"])
def test_a_market_is_found_by_its_symbol(ledger: Command, word: str) -> None:
    with closing(open_store(load_settings())) as store:
        expected = show_ledger(store.ledger_book, checked_market(word, store.ledger_book))
    assert json.loads(ledger("show", word, "--json")) == expected.as_json()
    assert f"trials      {expected.trials}: {expected.trials} by runs" in ledger("show", word)
    assert json.loads(ledger("show", expected.market_digest[:8], "--json")) == expected.as_json()


def test_a_data_set_that_nothing_was_tried_on_has_no_trials(ledger: Command) -> None:
    assert "trials      none yet" in ledger("show", "synthetic:noise:seed=1,candles=500")


def test_a_word_that_means_nothing_is_refused_in_a_sentence(ledger: Command) -> None:
    with pytest.raises(DataError, match="no file and no data set 'nothing'"):
        ledger("show", "nothing")


def test_a_symbol_of_two_data_sets_asks_which(ledger: Command) -> None:
    with closing(open_store(load_settings())) as store:
        store.ledger_book.declare(KnownMarket("e" * 64, "SYNTHETIC-REGIMES", "1h", frozenset({9})), 5, "")
    with pytest.raises(ConfigError, match="means 2 data sets of the ledger: choose from"):
        ledger("show", "synthetic-regimes")


DATA = "synthetic:regimes:seed=5,candles=2600"


def test_a_symbol_of_data_sets_that_count_together_means_the_newest(ledger: Command) -> None:
    with closing(open_store(load_settings())) as store:
        known = known_market(bred_run("first").plan.candles)
        store.know_market(known)
        longer = KnownMarket("e" * 64, known.symbol, known.timeframe, known.marks | {9})
        store.ledger_book.declare(longer, 5, "")
    shown = json.loads(ledger("show", "synthetic-regimes", "--json"))
    assert (shown["market_digest"], shown["counted_with"]) == ("e" * 64, [known.digest])
    assert shown["origins"] == {"runs": shown["trials"] - 5, "backtests": 0, "imported": 0, "declared": 5}


def test_declared_trials_count_from_then_on_with_what_was_said_of_them(ledger: Command) -> None:
    before = json.loads(ledger("show", "synthetic-regimes", "--json"))["trials"]
    said = json.loads(ledger("declare", "5000", "--data", DATA, "--note", "a notebook", "--json"))
    assert (said["declared"], said["note"], said["trials"]) == (5000, "a notebook", before + 5000)
    assert f"{before + 5005:,} count there now" in ledger("declare", "5", "--data", DATA)
    assert json.loads(ledger("show", DATA, "--json"))["origins"]["declared"] == 5005


def test_declared_trials_lower_what_the_verdict_believes(ledger: Command) -> None:
    with closing(open_store(load_settings())) as store:
        run = bred_run("first").plan
        before = judge_recorded(store, run.spec, run.problem, bred_run("first").judged.ranking)
    ledger("declare", "1000000", "--data", DATA)
    with closing(open_store(load_settings())) as store:
        after = judge_recorded(store, run.spec, run.problem, bred_run("first").judged.ranking)
    assert after.trials == before.trials + 1_000_000
    assert before.evidence is not None
    assert after.evidence is not None
    assert after.evidence.expected_best > before.evidence.expected_best


def test_what_is_imported_twice_counts_once(ledger: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.fthypt"
    epochs = [{"loss": 1, "params_dict": {"x": number}} for number in (1, 2, 3, 3)]
    file.write_text("\n".join(map(json.dumps, epochs)), encoding="utf-8")
    first, second = (json.loads(ledger("import", str(file), "--data", DATA, "--json")) for _ in range(2))
    assert [first[name] for name in ("program", "source", "read", "different", "added")] == [
        "freqtrade", "mine.fthypt", 4, 3, 3,
    ]  # fmt: skip
    assert (second["added"], second["trials"]) == (0, first["trials"])
    assert "0 trials are new, of 4 in mine.fthypt of which 3 differ" in ledger(
        "import", str(file), "--data", DATA
    )
    assert "3 imported" in ledger("show", "synthetic-regimes")


def test_a_backtest_by_hand_is_a_trial_and_again_it_is_none(ledger: Command, tmp_path: Path) -> None:
    def backtest(fast: int) -> None:
        words = ["backtest", "--strategy", "ema_crossover", "--gene", f"fast={fast}", "--data", DATA]
        assert CliRunner().invoke(build(), words).exit_code == 0

    for fast in (10, 10, 20):
        backtest(fast)
    assert json.loads(ledger("show", DATA, "--json"))["origins"]["backtests"] == 2
    assert "nothing differs" in ledger("verify")
    (tmp_path / "genepool.sqlite").write_bytes(b"no history")
    backtest(13)


def test_a_ledger_that_nobody_changed_is_verified(ledger: Command) -> None:
    assert "nothing differs" in ledger("verify")
    head = json.loads(ledger("show", "synthetic-regimes", "--json"))["head"]
    assert json.loads(ledger("verify", "--noted", head, "--json"))["valid"] is True


@pytest.mark.usefixtures("ledger")
def test_a_ledger_that_a_hand_changed_ends_in_exit_code_5(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "genepool.sqlite")) as history, history:
        history.execute("DELETE FROM ledger WHERE entry = (SELECT MAX(entry) FROM ledger)")
    result = CliRunner().invoke(build(), ["ledger", "verify"])
    assert isinstance(result.exception, LedgerChanged)
    assert result.exception.exit_code == 5
    assert "trials, and 0 are stored" in result.stdout
