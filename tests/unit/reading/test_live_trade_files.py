"""Records of live bots: freqtrade's database and exports, and tables of trades."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from genepool.backtest.live_trades import LiveTrade
from genepool.errors import DataError
from genepool.market.moments import nanoseconds
from genepool.reading.live_trade_files import LiveTradeFiles

CLOSED: dict[str, Any] = {
    "pair": "BTC/USDT:USDT",
    "is_open": False,
    "is_short": True,
    "amount": 2.0,
    "open_rate": 100.0,
    "close_rate": 90.0,
    "fee_open": 0.001,
    "fee_close": 0.0005,
    "open_date": "2024-03-01 08:00:05.123456",
    "close_date": "2024-03-01 12:00:03.000000",
    "funding_fees": 0.25,
    "close_profit_abs": 19.96,
    "strategy": "Mine",
}
OPEN = {
    **CLOSED,
    "is_open": True,
    "is_short": False,
    "close_date": None,
    "close_rate": None,
    "close_profit_abs": None,
    "open_date": "2024-03-02 08:00:00",
}
AS_OURS = LiveTrade(
    nanoseconds("2024-03-01T08:00:05.123456"),
    nanoseconds("2024-03-01T12:00:03"),
    -1,
    2.0,
    100.0,
    90.0,
    2.0 * 100.0 * 0.001 + 2.0 * 90.0 * 0.0005,
    -0.25,
    19.96,
    "BTC/USDT:USDT",
    "Mine",
)
TABLE = """entry_time,exit_time,side,entry_price,exit_price,units,fees
2024-03-01T08:00:00Z,2024-03-01T12:00:00Z,short,100,90,2,0.29
2024-03-02T08:00:00Z,,long,95,,1,0.1
"""


def read(file: Path) -> list[LiveTrade]:
    return list(LiveTradeFiles().read(file))


def database(file: Path, *rows: dict[str, Any]) -> Path:
    names = list(rows[0])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"CREATE TABLE trades (id INTEGER PRIMARY KEY, {', '.join(names)})")
        for row in rows:
            marks = ", ".join("?" * len(names))
            connection.execute(f"INSERT INTO trades ({', '.join(names)}) VALUES ({marks})", [*row.values()])  # noqa: S608 - names of this file
        connection.commit()
    return file


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_the_database_of_a_bot_holds_closed_and_open_trades(tmp_path: Path) -> None:
    closed, held = read(database(tmp_path / "tradesv3.sqlite", OPEN, CLOSED))
    assert closed == AS_OURS
    assert (held.exit, held.exit_price, held.result, held.side) == (None, None, None, 1)
    assert held.fees == pytest.approx(0.2), "the exit is not paid yet"


def test_prices_fees_and_funding_of_freqtrade_are_its_profit(tmp_path: Path) -> None:
    (closed,) = read(database(tmp_path / "bot.sqlite", CLOSED))
    assert closed.until(closed.exit or 0, 1.0).beyond == pytest.approx(0.0)


def test_columns_that_older_databases_lack_are_done_without(tmp_path: Path) -> None:
    bare = {
        name: value for name, value in CLOSED.items()
        if name not in {"is_short", "funding_fees", "strategy", "close_profit_abs"}
    }  # fmt: skip
    (trade,) = read(database(tmp_path / "old.sqlite", bare))
    assert (trade.side, trade.funding, trade.result, trade.strategy) == (1, 0.0, None, "")


def test_exports_are_lists_of_trades_in_any_wrapping(tmp_path: Path) -> None:
    results = {"strategy": {"Mine": {"trades": [{**CLOSED, "strategy": "Mine"}]}}, "metadata": {}}
    with ZipFile(tmp_path / "result.zip", "w") as packed:
        packed.writestr("backtest-result.json", json.dumps(results))
        packed.writestr("backtest-result_config.json", "{}")
    listed = written(tmp_path / "list.json", json.dumps([CLOSED]))
    answer = written(tmp_path / "api.json", json.dumps({"trades": [CLOSED], "total_trades": 1}))
    assert read(tmp_path / "result.zip") == read(listed) == read(answer) == [AS_OURS]


def test_a_table_of_trades_is_read_by_its_header(tmp_path: Path) -> None:
    closed, held = read(written(tmp_path / "bot.csv", TABLE))
    assert (closed.side, closed.entry, closed.exit_price, closed.fees) == (
        -1, nanoseconds("2024-03-01T08:00:00"), 90.0, 0.29,
    )  # fmt: skip
    assert (held.exit, held.exit_price) == (None, None)
    other = TABLE.replace(",", ";").replace("entry_time", "open_date").replace("units", "amount")
    assert read(written(tmp_path / "other.csv", other)) == [closed, held]
    counted = TABLE.replace("2024-03-01T08:00:00Z", "1709280000").replace(
        "2024-03-01T12:00:00Z", "1709294400000"
    )
    assert read(written(tmp_path / "counted.csv", counted)) == [closed, held]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",90,", ",ninety,", "row 2, exit_price: 'ninety' is no number"),
        (",short,", ",flat,", "row 2, side: 'flat' is neither long nor short"),
        (",1,0.1", ",,0.1", "row 3, units is empty"),
        (",2,0.29", ",-2,0.29", "row 2, units: -2.0 is not a number above 0"),
        ("2024-03-02T08:00:00Z", "yesterday", "row 3, entry_time: 'yesterday' is no time"),
        ("2024-03-01T12:00:00Z", "2024-02-01", "row 2, exit_time: it lies before the entry"),
        ("fees", "costs", "row 1 has no column fees"),
    ],
)
def test_a_bad_cell_is_named_by_file_row_and_column(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = written(tmp_path / "bot.csv", TABLE.replace(old, new))
    with pytest.raises(DataError, match=f"bot.csv, {said}"):
        read(file)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**CLOSED, "open_rate": "dear"}, "trade 1, open_rate: 'dear' is no number"),
        ({**CLOSED, "open_date": "noon"}, "trade 1, open_date: 'noon' is no time"),
        ({**CLOSED, "amount": -1.0}, "trade 1, units: -1.0 is not a number above 0"),
        ({**CLOSED, "pair": None}, "trade 1 has no pair"),
    ],
)
def test_a_bad_trade_of_freqtrade_is_named(tmp_path: Path, row: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(database(tmp_path / "bot.sqlite", row))
    with pytest.raises(DataError, match=said):
        read(written(tmp_path / "bot.json", json.dumps([row])))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bot.json", "{", "bot.json is not JSON"),
        ("bot.json", '{"runs": []}', "bot.json holds no trades"),
        ("bot.json", '{"trades": [3]}', "bot.json holds no list of trades"),
        ("bot.zip", "PK nonsense", "bot.zip cannot be unpacked"),
        ("bot.csv", "", "row 1 has no column entry_time"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(written(tmp_path / name, content))


def test_another_database_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE orders (id)")
        other.commit()
    with pytest.raises(DataError, match="has no table trades with a column pair"):
        read(tmp_path / "other.sqlite")
    with pytest.raises(DataError, match="there is no file"):
        read(tmp_path / "nowhere.csv")
