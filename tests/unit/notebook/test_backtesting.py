"""A backtest from Python is the command line's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import genepool as gp
from genepool.errors import ConfigError
from genepool.notebook.store import place_of
from tests.fakes.own_strategies import crossing
from tests.fakes.programs import here

DATA = "synthetic:regimes:seed=3,candles=1500"


def test_measures_and_document_are_those_of_the_command(tmp_path: Path) -> None:
    words = "--fee-bps", "7", "--gene", "fast=9", "--start", "300"
    printed = here(
        tmp_path, "backtest", "--data", DATA, "--strategy", "ema_crossover", "--json", *words
    ).document
    tried = gp.backtest(gp.read(DATA), "ema_crossover", fast=9, start="300", costs=gp.Costs(fee_bps=7))
    assert tried.document == printed
    assert {name: printed[name] for name in tried.measures} == tried.measures


def test_trades_fills_and_equity_are_tables_that_agree_with_the_measures() -> None:
    tried = gp.backtest(gp.read(DATA), "donchian_breakout", genes={"entry": 30})
    assert len(tried.trades) == tried.measures["trades"]
    assert tried.fills["trade"].max() == len(tried.trades)
    assert tried.equity["equity"].iloc[-1] - 1 == pytest.approx(tried.measures["total_return"])
    assert tried.trades["entry_time"].dtype == pd.DatetimeTZDtype(
        unit=tried.trades["entry_time"].dt.unit, tz="UTC"
    )
    assert tried.comparison.loc["trades", "buy_and_hold"] == 1
    assert np.isfinite(tried.equity.to_numpy()).all()


def test_a_picture_is_drawn_without_any_library(tmp_path: Path) -> None:
    picture = gp.backtest(gp.read(DATA), "ema_crossover").plot()
    text = picture.save(tmp_path / "equity.svg").read_text()
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert text.count('class="line') == 2


def test_a_strategy_of_ones_own_stands_where_a_name_does() -> None:
    tried = gp.backtest(gp.read(DATA), crossing, fast=9, slow=30)
    assert tried.genome.strategy == crossing.name
    assert tried.document["versions"]["strategy"] == 1
    with pytest.raises(ConfigError, match="has no gene 'band'"):
        gp.backtest(gp.read(DATA), crossing, band=0.1)
    with pytest.raises(ConfigError, match="is no strategy"):
        gp.backtest(gp.read(DATA), lambda market: market)  # type: ignore[arg-type] # the mistake that is tested


def test_it_counts_once_on_its_market_as_the_command_does(tmp_path: Path) -> None:
    market, file = gp.read(DATA), tmp_path / "trials.sqlite"
    for store in (None, None, file, file):
        for fast in (9, 10):
            gp.backtest(market, "ema_crossover", fast=fast, store=store)
    for place in (None, file):
        with place_of(place).opened() as history:
            account = history.ledger_book.account(market.candles.digest)
        assert (account.origins.backtests, account.origins.runs) == (2, 0)


def test_sealed_candles_of_a_run_are_warned_of_and_counted(tmp_path: Path) -> None:
    market, store = gp.read("synthetic:regimes:seed=3,candles=3000"), tmp_path / "runs.sqlite"
    gp.evolve(
        market,
        strategies=["rsi_filter"],
        population_size=6,
        generations=1,
        workers=1,
        store=store,
        name="small",
        progress=False,
        preset="all",
    )
    with pytest.warns(UserWarning, match="counts as attempt 1 at the exam of SYNTHETIC-REGIMES 1h"):
        gp.backtest(market, "ema_crossover", store=store)
    gp.backtest(market, "ema_crossover", stop="2000", store=store)


def test_a_history_that_cannot_be_written_is_a_warning_beside_the_result(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = gp.read(DATA)
    home.write_text("no folder")
    with pytest.warns(UserWarning, match="not counted as a trial, since "):
        tried = gp.backtest(market, "ema_crossover")
    assert tried.measures["trades"] > 0
    monkeypatch.setenv("GENEPOOL_CPU_BUDGET", "much")
    with pytest.warns(UserWarning, match="not counted as a trial, since GENEPOOL_CPU_BUDGET is 'much'"):
        gp.backtest(market, "ema_crossover")
