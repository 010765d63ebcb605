"""JSON as exchanges answer it, as ccxt and freqtrade keep it, and as pandas writes it."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles

CASES = Path(__file__).parents[3] / "data/cases"
START, HOUR = 1_569_146_400_000, 3_600_000
LISTS = [[START + HOUR * i, 10.0, 12.5, 9.25, 11.0, 5.5 + i] for i in range(10)]
OBJECTS = [dict(zip(("t", "o", "h", "l", "c", "v"), row, strict=True)) for row in LISTS]
NAMED = [dict(zip(("time", "open", "high", "low", "close", "volume"), row, strict=True)) for row in LISTS]
FRAME = pd.DataFrame(NAMED)


def written(folder: Path, document: Any, name: str = "prices.json") -> Path:  # noqa: ANN401 - any JSON
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def refusal(path: Path, *header: str) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read_candles(path, ReadingOptions(header=header))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_hyperliquid_json() -> None:
    raw, understood = read_candles(CASES / "hyperliquid.json", ReadingOptions())
    assert str(np.datetime64(int(raw.stamps[0]), "ns"))[:16] == "2019-09-22T10:00"
    assert (len(raw), raw.open[0], raw.close[0]) == (12, 10011.74, 10000.0)
    assert understood.columns["time"] == "t"


DOCUMENTS = {
    "lists of ccxt and freqtrade": LISTS,
    "with spaces": json.dumps(LISTS, indent=2),
    "texts of Binance": [[*map(str, row), START + HOUR * (i + 1) - 1, "7"] for i, row in enumerate(LISTS)],
    "objects": OBJECTS,
    "a header in the first list": [["time", "open", "high", "low", "close", "volume"], *LISTS],
    "Polygon": {
        "ticker": "AAPL",
        "status": "OK",
        "results": [{**row, "vw": 10.5, "n": 3} for row in OBJECTS],
    },
    "Alpaca": {"bars": {"AAPL": OBJECTS}, "next_page_token": None},
    "Kraken": {"error": [], "result": {"XXBTZUSD": LISTS, "last": 1569146400}},
    "Bybit": {
        "retCode": 0,
        "result": {"symbol": "BTC", "list": [list(map(str, row)) for row in LISTS[::-1]]},
    },
    "OKX": {"code": "0", "msg": "", "data": [[*map(str, row), "7", "7", "1"] for row in LISTS]},
    "Finnhub": {"s": "ok", **{key: [row[key] for row in OBJECTS] for key in OBJECTS[0]}},
    "one a line": "\n".join(map(json.dumps, NAMED)) + "\n",
    "pandas, records": FRAME.to_json(orient="records"),
    "pandas, lines": FRAME.to_json(orient="records", lines=True),
    "pandas, columns": FRAME.to_json(orient="columns"),
    "pandas, split": FRAME.to_json(orient="split"),
    "pandas, split by time": FRAME.set_index("time").to_json(orient="split"),
    "pandas, index": FRAME.to_json(orient="index"),
    "pandas, index of times": FRAME.set_index("time").to_json(orient="index"),
    "Alpha Vantage": {
        "Meta Data": {"2. Symbol": "IBM"},
        "Time Series": {
            str(pd.Timestamp(row["time"], unit="ms")): {
                f"{i}. {name}": str(row[name]) for i, name in enumerate(list(row)[1:], 1)
            }
            for row in NAMED
        },
    },
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_candles_are_found_wherever_a_document_holds_them(tmp_path: Path, kind: str) -> None:
    raw, understood = read_candles(written(tmp_path, DOCUMENTS[kind]), ReadingOptions())
    order = np.argsort(raw.stamps)
    assert (raw.stamps[order] // 1_000_000).tolist() == [row[0] for row in LISTS]
    assert (raw.open[0], raw.high[0], raw.low[0], raw.close[0]) == (10.0, 12.5, 9.25, 11.0)
    assert raw.volume is not None
    assert raw.volume[order].tolist() == [row[5] for row in LISTS]
    assert "JSON" in understood.layout


def test_a_document_names_its_market(tmp_path: Path) -> None:
    path = written(tmp_path, DOCUMENTS["Polygon"])
    assert import_file(path, ImportOptions()).candles.symbol == "AAPL"


def test_packed_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "BTC_USDT-1h.json.gz"
    path.write_bytes(gzip.compress(json.dumps(LISTS).encode()))
    assert len(read_candles(path, ReadingOptions())[0]) == 10


def test_numbers_are_read_to_the_last_bit(tmp_path: Path) -> None:
    close = 0.1 + 0.2
    path = written(tmp_path, [[row[0], close, close, close, close, 1e-12] for row in LISTS])
    raw, _ = read_candles(path, ReadingOptions())
    assert raw.close.tolist() == [close] * 10


def test_columns_name_the_places_of_lists_in_another_order(tmp_path: Path) -> None:
    path = written(tmp_path, [[t, o, c, h, low, v] for t, o, h, low, c, v in LISTS])
    assert "--columns time,open,close,high,low,volume" in refusal(path)
    raw, _ = read_candles(path, ReadingOptions(header=("time", "open", "close", "high", "low", "volume")))
    assert (raw.high[0], raw.close[0]) == (12.5, 11.0)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[]", "is an empty list"),
        ("{}", "holds no list of candles"),
        ({"message": "Not Found"}, "holds no list of candles"),
        ({"bars": {"AAPL": OBJECTS, "MSFT": OBJECTS}}, "holds several lists (AAPL, MSFT): save one"),
        (json.dumps(LISTS)[:-9], "cut short"),
        (json.dumps(OBJECTS)[:200] + "}}" + json.dumps(OBJECTS)[200:], "no JSON"),
        ([1, 2, 3], "lists that are no candles by their places"),
        ([*OBJECTS, LISTS[0]], "record 11: it is no object with a candle"),
        ([{**row, "o": [1, 2]} for row in OBJECTS], "record 1: o holds more than one value"),
        ([{"a": 1, "b": 2}], "no column for time, open, high, low, close among a, b"),
        ([["a", "b"], ["c", "d"]], "no column for time"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_what_holds_no_candles_is_refused(tmp_path: Path, document: Any, words: str) -> None:  # noqa: ANN401 - any JSON
    assert words in refusal(written(tmp_path, document))


def test_a_cell_without_a_value_is_refused_with_its_record(tmp_path: Path) -> None:
    path = written(tmp_path, [*OBJECTS[:3], {**OBJECTS[3], "o": None}, *OBJECTS[4:]])
    with pytest.raises(InvalidCandles, match="row 4: open is missing"):
        import_file(path, ImportOptions())


def test_a_long_list_is_read_in_pieces(tmp_path: Path) -> None:
    rows = [[START + HOUR * i, 10.0, 12.5, 9.25, 11.0, 5.5] for i in range(25_000)]
    raw, _ = read_candles(written(tmp_path, rows), ReadingOptions())
    assert raw.rows.tolist() == list(range(1, 25_001))


def test_a_word_in_brackets_begins_no_json(tmp_path: Path) -> None:
    text = "[BTCUSD]\ndate,open,high,low,close\n2019-10-17,1.5,2,1,1.75\n2019-10-18,1.5,2,1,1.75\n"
    assert len(read_candles(written(tmp_path, text), ReadingOptions())[0]) == 2
