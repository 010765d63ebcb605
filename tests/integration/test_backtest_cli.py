"""``genepool backtest`` as a program sees it: keys, files, defaults, and one sentence for bad input."""

import csv
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from genepool.backtest.detailed import backtest
from genepool.cli.backtest import register
from genepool.errors import ConfigError, DataError, GenepoolError
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies

MARKET = "synthetic:regimes:seed=3,candles=2000"
CROSSOVER = ("--strategy", "ema_crossover", "--gene", "fast=12", "--gene", "slow=48")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))


def invoke(*flags: str, data: str = MARKET) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["--data", data, *flags])


def document(*flags: str) -> dict[str, Any]:
    result = invoke(*flags, "--json")
    assert result.exit_code == 0, result.output
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def refusal(*flags: str, data: str = MARKET) -> GenepoolError:
    error = invoke(*flags, data=data).exception
    assert isinstance(error, GenepoolError)
    return error


def test_the_document_holds_every_measure_and_what_it_was_measured_on() -> None:
    answer = document(*CROSSOVER, "--fee-bps", "5")
    names = {field.name for field in fields(Measures)}
    beside = {
        *("strategy", "genes", "fingerprint", "symbol", "timeframe", "synthetic", "data_digest"),
        *("start", "stop", "first_candle_that_could_trade", "costs", "not_charged"),
        *("buy_and_hold", "short_and_hold", "appraisal"),
        *("spans", "ranges", "candles_per_year", "versions", "genome_file", "same_data_as_file"),
        *("remarks", "differences"),
    }
    assert set(answer) == names | beside
    assert set(answer["buy_and_hold"]) == set(answer["short_and_hold"]) == names
    assert answer["genes"]["slow"] == 48
    assert answer["candles"] == 2_000
    assert answer["synthetic"] is True
    assert answer["data_digest"] == synthetic_market("regimes", 3, 2_000).digest


def test_the_measures_are_those_of_the_backtest() -> None:
    genome = seed_strategies()["ema_crossover"].genome({"fast": 12, "slow": 48})
    costs = CostModel(taker_fee=0.0005, maker_fee=0.0002)
    measures = backtest(synthetic_market("regimes", 3, 2_000), genome, costs).measures
    answer = document(*CROSSOVER)
    assert answer["total_return"] == measures.total_return
    assert answer["sharpe"] == measures.sharpe
    assert answer["trades"] == measures.trades > 10


@pytest.mark.parametrize(
    ("flags", "taker", "maker"),
    [((), 0.0005, 0.0002), (("--fee-bps", "1"), 0.0001, 0.0001), (("--maker-fee-bps", "3"), 0.0005, 0.0003)],
)
def test_the_maker_fee_is_never_dearer_unless_asked(
    flags: tuple[str, ...], taker: float, maker: float
) -> None:
    costs = document(*CROSSOVER, *flags)["costs"]
    assert (costs["taker_fee"], costs["maker_fee"]) == pytest.approx((taker, maker))
    assert (costs["slippage"], costs["spread"]) == (0, 0)


def test_genes_that_are_not_given_take_their_defaults() -> None:
    genes = document("--strategy", "ema_crossover")["genes"]
    assert genes == dict(seed_strategies()["ema_crossover"].genome().genes)


def test_dearer_costs_earn_less() -> None:
    free, dear = document(*CROSSOVER, "--fee-bps", "0"), document(*CROSSOVER, "--slippage-bps", "10")
    assert dear["total_return"] < free["total_return"]
    assert free["fees_paid"] == 0


def test_trades_and_equity_are_written_as_csv(tmp_path: Path) -> None:
    trades, equity = tmp_path / "trades.csv", tmp_path / "equity.csv"
    answer = document(*CROSSOVER, "--trades", str(trades), "--equity", str(equity))
    rows = list(csv.DictReader(trades.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == [
        *("entry_time", "exit_time", "side", "units", "entry_price", "exit_price"),
        *(
            "fees",
            "funding",
            "result",
            "reason",
            "largest_units",
            "fills",
            "opening_equity",
            "borne_by_venue",
        ),
    ]
    assert len(rows) == answer["trades"]
    assert sum(float(row["result"]) for row in rows) == pytest.approx(answer["total_return"], abs=1e-9)
    assert {row["side"] for row in rows} == {"long", "short"}
    curve = list(csv.DictReader(equity.read_text(encoding="utf-8").splitlines()))
    assert list(curve[0]) == ["time", "equity", "exposure"]
    assert len(curve) == 2_000
    assert float(curve[-1]["equity"]) - 1 == answer["total_return"]
    assert curve[0]["time"] == answer["start"] == "2020-01-01T00:00:00Z"


def test_every_fill_is_written_as_csv(tmp_path: Path) -> None:
    fills, trades = tmp_path / "fills.csv", tmp_path / "trades.csv"
    document(*CROSSOVER, "--gene", "volatility_target=0.5", "--fills", str(fills), "--trades", str(trades))
    rows = list(csv.DictReader(fills.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["time", "trade", "action", "change", "price", "fee", "reason", "units", "cash"]
    counts = [int(row["fills"]) for row in csv.DictReader(trades.read_text(encoding="utf-8").splitlines())]
    filled = [int(row["trade"]) for row in rows if row["reason"] != "end"]
    assert [filled.count(number) for number in range(1, len(counts) + 1)] == counts


def test_an_exported_genome_is_read_and_single_genes_go_before_it(tmp_path: Path) -> None:
    file = tmp_path / "genome.json"
    genome = {"schema": "genepool/genome/1", "strategy": "ema_crossover", "genes": {"fast": 12, "slow": 48}}
    file.write_text(json.dumps(genome), encoding="utf-8")
    filed, typed = document("--genome", str(file)), document(*CROSSOVER)
    assert filed["genes"] == typed["genes"]
    assert filed["total_return"] == typed["total_return"]
    assert document("--genome", str(file), "--gene", "slow=60")["genes"]["slow"] == 60


def test_the_span_is_counted_in_candles_or_given_as_dates() -> None:
    by_number = document(*CROSSOVER, "--start", "744", "--stop", "1440")
    by_date = document(*CROSSOVER, "--start", "2020-02-01", "--stop", "2020-03-01T00:00:00+00:00")
    assert by_number == by_date
    assert by_number["candles"] == 696
    assert (by_number["start"], by_number["stop"]) == ("2020-02-01T00:00:00Z", "2020-02-29T23:00:00Z")


def test_the_document_holds_what_a_quant_looks_for() -> None:
    answer = document(*CROSSOVER)
    found = answer["appraisal"]
    trades = found["trades"]
    assert trades["trades"] == answer["trades"] == found["longs"]["trades"] + found["shorts"]["trades"]
    assert trades["won"] / trades["trades"] == answer["win_rate"]
    assert {"expectancy", "payoff", "system_quality", "median_hours", "longest_losing_streak"} <= set(trades)
    assert [year["year"] for year in found["years"]] == [2020]
    assert found["drawdowns"][0]["depth"] == answer["max_drawdown"]
    assert found["drawdowns"][0]["trough"].endswith("Z")
    assert set(found["against"]) == {"buy_and_hold", "short_and_hold"}
    assert found["sharpe"]["low"] < answer["sharpe"] < found["sharpe"]["high"]
    assert "fixed fees per order" in answer["not_charged"]


def test_the_first_candle_that_could_trade_is_named_or_that_there_is_none() -> None:
    slow = ("--strategy", "sma_trend_filter", "--gene", "period=200")
    assert document(*slow)["first_candle_that_could_trade"] == "2020-01-09T09:00:00Z"
    assert document(*slow, "--start", "500")["first_candle_that_could_trade"] == "2020-01-21T20:00:00Z"
    assert "none: the lookback outlasts the span" in invoke(*slow, "--start", "10", "--stop", "201").stdout


def test_case_17_annualised_from_a_day() -> None:
    shown = invoke("--strategy", "sma_trend_filter", "--start", "1966").stdout
    assert re.search("annual return +\N{EN DASH} +\N{EN DASH} +\N{EN DASH}", shown)
    assert re.search("Calmar +\N{EN DASH}", shown)
    assert "1,000.00" not in shown
    assert "over 1,000" in shown
    assert "a year is not read from 34 hours of candles: it takes 91.25 days" in " ".join(shown.split())
    caveats = document("--strategy", "sma_trend_filter", "--start", "1966")["appraisal"]["caveats"]
    assert {"annual_return", "calmar", "turnover"} <= set(caveats)


def test_from_a_quarter_of_a_year_on_nothing_is_withheld() -> None:
    quarter = json.loads(
        invoke(
            "--strategy", "sma_trend_filter", "--json", data="synthetic:regimes:seed=3,candles=2190"
        ).stdout
    )
    assert quarter["appraisal"]["too_short"] is None
    assert document("--strategy", "sma_trend_filter")["appraisal"]["too_short"] is not None


def test_the_newest_candles_are_taken() -> None:
    answer = document(*CROSSOVER, "--candles", "1000")
    assert answer["candles"] == 1_000
    assert answer["stop"] == document(*CROSSOVER)["stop"]
    assert document(*CROSSOVER, "--candles", "quick")["candles"] == 2_000


def test_people_get_tables_with_both_ways_of_holding_beside_the_strategy() -> None:
    shown = invoke(*CROSSOVER).stdout
    for title in ("Measures", "Trades,", "Against", "By year", "Worst drawdowns", "not charged: interest"):
        assert title in shown
    assert "buy and hold" in shown
    assert "short and hold" in shown
    assert max(map(len, shown.split("Measures")[1].splitlines())) <= 80
    assert "max drawdown" in shown
    assert "synthetic" in shown


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ((), "say who trades: give --strategy NAME or --genome FILE"),
        (("--strategy", "nobody"), "there is no strategy 'nobody': choose from atr_stop_loss"),
        (("--strategy", "ema_crossover", "--gene", "speed=3"), "ema_crossover has no gene 'speed'"),
        (
            ("--strategy", "ema_crossover", "--gene", "fast"),
            "--gene fast is not understood: write NAME=NUMBER",
        ),
        (("--strategy", "ema_crossover", "--gene", "fast=x"), "--gene fast=x is not understood"),
        (("--strategy", "ema_crossover", "--gene", "fast=nan"), "fast=nan"),
        ((*CROSSOVER, "--candles", "many"), "--candles many is not understood: give a number above 1"),
        ((*CROSSOVER, "--candles", "1"), "--candles 1 is not understood"),
        ((*CROSSOVER, "--start", "soon"), "--start soon is not understood: give a candle's number or a date"),
        (
            (*CROSSOVER, "--start", "9000"),
            "--start 9000 lies after the last candle: there are candles 0 to 1,999, 2020-01-01T00:00:00Z to",
        ),
        ((*CROSSOVER, "--fee-bps", "20000"), "taker_fee is 2.0: give a fraction from 0 to below 1"),
        ((*CROSSOVER, "--max-leverage", "0"), "max_leverage is 0.0"),
        ((*CROSSOVER, "--genome", "missing.json"), "missing.json cannot be read: No such file"),
    ],
)
def test_bad_flags_end_in_one_sentence(flags: tuple[str, ...], sentence: str) -> None:
    error = refusal(*flags)
    assert isinstance(error, ConfigError)
    assert sentence in str(error)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not JSON: give a genome that genepool exported"),
        (
            "[]",
            "does not say schema 'genepool/genome/2' or an older one: give a genome that genepool exported",
        ),
        (
            '{"schema": "genepool/genome/3"}',
            "does not say schema 'genepool/genome/2' or an older one: update",
        ),
        ('{"schema": "genepool/genome/1", "strategy": "ema_crossover"}', "lacks a strategy or its genes"),
        (
            '{"schema": "genepool/genome/1", "strategy": "ema_crossover", "genes": {"fast": "12"}}',
            "gene fast is '12', which is no number",
        ),
    ],
)
def test_a_damaged_genome_file_ends_in_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "genome.json"
    file.write_text(text, encoding="utf-8")
    assert sentence in str(refusal("--genome", str(file)))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "trades.csv"
    assert f"{target} cannot be written: No such file" in str(refusal(*CROSSOVER, "--trades", str(target)))


def test_too_short_a_history_says_what_it_needs() -> None:
    error = refusal(*CROSSOVER, "--candles", "100")
    assert isinstance(error, DataError)
    assert "insufficient data: ema_crossover needs more than" in str(error)


def test_a_market_without_the_column_is_refused() -> None:
    error = refusal("--strategy", "funding_rate_carry", data="synthetic:noise:seed=1,candles=3000")
    assert isinstance(error, DataError)
    assert "needs the column funding" in str(error)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "is not JSON"),
        (
            '{"schema": "genepool/genome/1", "strategy": "ema_crossover", "genes": {"fast": 1'
            + "0" * 400
            + "}}",
            "fast=inf is outside 2 to 60",
        ),
    ],
    ids=["nested without end", "a number without end"],
)
def test_a_genome_file_of_rubbish_ends_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "rubbish.json").write_text(text)
    error = refusal("--genome", str(tmp_path / "rubbish.json"))
    assert isinstance(error, ConfigError)
    assert words in str(error)


def test_trades_and_equity_are_not_written_over_each_other(tmp_path: Path) -> None:
    error = refusal(*CROSSOVER, "--trades", str(tmp_path / "a.csv"), "--equity", str(tmp_path / "a.csv"))
    assert isinstance(error, ConfigError)
    assert "give two files" in str(error)
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("output", ["--trades", "--fills", "--equity"])
@pytest.mark.parametrize("read", ["--data", "--genome"])
def test_nothing_is_written_over_what_is_read(tmp_path: Path, read: str, output: str) -> None:
    precious = tmp_path / "precious"
    precious.write_text('{"schema": "genepool/genome/1", "strategy": "ema_crossover", "genes": {}}')
    (tmp_path / "there").mkdir()
    spelled = str(tmp_path / "there" / ".." / "precious")
    trader = ("--genome", str(precious)) if read == "--genome" else CROSSOVER
    error = refusal(*trader, output, spelled, data=str(precious) if read == "--data" else MARKET)
    assert f"{output} would write over {spelled}, which {read} reads" in str(error)
    assert precious.read_text().startswith("{")


def test_a_timeframe_that_the_market_does_not_have_is_refused() -> None:
    error = refusal(*CROSSOVER, "--timeframe", "4h")
    assert isinstance(error, DataError)
    assert "holds 1h candles and not 4h" in str(error)
