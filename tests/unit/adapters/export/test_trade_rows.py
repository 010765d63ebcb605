"""A trade is one row that adds up, however often its size was changed; its fills stand beside it."""

import csv
from pathlib import Path

import pytest

from genepool.adapters.export.csv_table import write_csv
from genepool.adapters.export.curves import TRADE_COLUMNS, trade_rows
from genepool.backtest.detailed import backtest
from genepool.backtest.fills import fills_of
from genepool.market.costs import CostModel
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies
from tests.fakes.tiny_markets import Traded, flat

ONE_PER_MILLE = CostModel(taker_fee=0.001, maker_fee=0.001)


def approx(value: float) -> object:
    return pytest.approx(value, rel=1e-12, abs=1e-15)


def test_a_trade_that_grew_and_shrank_has_average_prices_and_its_largest_size() -> None:
    # 0.005 units at 100, then half of 1.5 at 200 is 0.00375: 0.00125 are sold; then 0.9 of 1.5 at 200.
    traded = Traded([*flat(100, 2), *flat(200, 3), *flat(250)], [0.5, 0.5, 0.5, 0.9, 0.0, 0.0])
    trade = traded.trades
    assert trade.units[0] == approx(0.005 + (0.9 * 1.5 / 200 - 0.005))
    assert trade.largest_units[0] == approx(0.9 * 1.5 / 200)
    assert trade.entry_prices[0] == approx((0.005 * 100 + 0.00175 * 200) / 0.00675)
    assert trade.exit_prices[0] == 250.0
    assert trade.fills.tolist() == [3]
    assert trade.results[0] == approx((trade.exit_prices[0] - trade.entry_prices[0]) * trade.units[0])


def test_a_trade_that_shrank_and_grew_again_was_entered_with_more_than_it_ever_held() -> None:
    traded = Traded(flat(100, 5), [1.0, 0.5, 1.0, 0.0, 0.0])
    assert traded.trades.units[0] == approx(0.015)
    assert traded.trades.largest_units[0] == approx(0.01)
    assert traded.trades.fills.tolist() == [4]


def test_the_average_of_one_fill_is_its_price_to_the_last_bit() -> None:
    traded = Traded([*flat(100.1, 2), *flat(33.3, 2)], [0.7, 0.0, 0.0, 0.0], ONE_PER_MILLE)
    assert traded.trades.entry_prices.tolist() == [100.1]
    assert traded.trades.exit_prices.tolist() == [33.3]


def test_what_a_gap_takes_beyond_the_account_is_a_column_of_its_own() -> None:
    traded = Traded([*flat(100, 2), *flat(50, 2)], [5.0] * 4)
    trade = traded.trades
    assert trade.reasons == ("liquidation",)
    assert trade.results[0] == -1.0
    assert trade.borne[0] == approx(0.05 * 50 - 1)


def test_a_trade_counts_its_return_from_the_equity_before_it() -> None:
    traded = Traded([*flat(100, 2), *flat(150), *flat(75, 2)], [1.0, 0.0, 1.0, 0.0, 0.0])
    assert traded.trades.opening_equities.tolist() == [1.0, 1.5]
    assert traded.trades.returns.tolist() == [0.5, 0.0]


def test_a_backtest_without_a_trade_has_no_rows() -> None:
    traded = Traded(flat(100, 3), [0.0] * 3)
    assert len(traded.trades) == len(fills_of(traded.recording, traded.candles.stamps)) == 0
    assert traded.trades.returns.tolist() == []


def test_fills_say_what_they_did_to_the_position() -> None:
    traded = Traded(flat(100, 6), [0.5, 0.25, 0.75, -0.5, -0.5, -0.5])
    fills = fills_of(traded.recording, traded.candles.stamps)
    assert fills.actions == ("open", "reduce", "increase", "close", "open", "close")
    assert fills.reasons == ("signal",) * 5 + ("end",)
    assert fills.trades.tolist() == [1, 1, 1, 1, 2, 2]
    assert fills.units.tolist()[-2:] == [-0.005, 0.0]


def test_case_13_resized_trades(tmp_path: Path) -> None:
    genome = seed_strategies()["sma_trend_filter"].genome({"volatility_target": 0.5, "period": 20})
    result = backtest(synthetic_market("regimes", 3, 2_000), genome, ONE_PER_MILLE)
    write_csv(tmp_path / "t.csv", TRADE_COLUMNS, trade_rows(result))
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(int(row["fills"]) > 2 for row in rows) >= 5
    for row in rows:
        side = {"long": 1, "short": -1}[row["side"]]
        moved = side * (float(row["exit_price"]) - float(row["entry_price"])) * float(row["units"])
        adds_up = moved - float(row["fees"]) - float(row["funding"]) + float(row["borne_by_venue"])
        assert adds_up == pytest.approx(float(row["result"]), abs=1e-12)
    assert sum(int(row["fills"]) for row in rows) == sum(reason != "end" for reason in result.fills.reasons)
