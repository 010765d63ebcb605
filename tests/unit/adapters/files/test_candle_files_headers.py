"""Which column of a file is which: by the exact header, by its letters' case, by what its cells hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.headers import roles_of
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles
from genepool.market.raw_columns import RawColumns

CASES = Path(__file__).parents[3] / "data/cases"
PRICES = "1.5,2,1,1.75,10"


def read(path: Path, **columns: str) -> tuple[RawColumns, Understood]:
    return read_candles(path, ReadingOptions(columns=columns))


def written(folder: Path, text: str, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def first_of(raw: RawColumns) -> tuple[str, float, float]:
    return str(np.datetime64(int(raw.stamps[0]), "ns"))[:16], float(raw.open[0]), float(raw.close[0])


def refusal(path: Path, **columns: str) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read(path, **columns)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("named", [{}, {"time": "t"}])
def test_hyperliquid_t_before_t(named: dict[str, str]) -> None:
    raw, understood = read(CASES / "hyperliquid_T_before_t.csv", **named)
    assert first_of(raw) == ("2019-09-22T10:00", 10011.74, 10000.0)
    assert understood.columns["time"] == "t"


def test_letters_of_trades_beside_those_of_candles_are_left_alone(tmp_path: Path) -> None:
    text = "t,T,s,i,f,L,o,c,h,l,v,n,x,q,V,Q\n" + "".join(
        f"{opens},{opens + 3599999},BTC,1h,1,99,1.5,1.75,2,1,10,5,True,9,4,3\n"
        for opens in range(1569146400000, 1569157200000, 3600000)
    )
    raw, understood = read(written(tmp_path, text))
    assert (raw.low[0], raw.high[0]) == (1.0, 2.0)
    assert raw.volume is not None
    assert raw.volume[0] == 10.0
    assert (understood.columns["low"], understood.columns["volume"]) == ("l", "v")


@pytest.mark.parametrize(
    ("header", "role"), [("T,t,open,high,low,close", "time"), ("time,open,high,low,Close,close", "close")]
)
def test_headers_that_differ_in_capitals_alone_are_asked_for(tmp_path: Path, header: str, role: str) -> None:
    cells = "1569146400000,1569146400000,1.5,2,1,1.75" if role == "time" else "2019-10-17,1.5,2,1,1.75,1.7"
    path = written(tmp_path, f"{header}\n{cells}\n")
    names = [name for name in header.split(",") if name.lower() in {"t", "close"}]
    assert f"{names[0]!r} and {names[1]!r} may both be the column for {role}" in refusal(path)
    raw, _ = read(path, **{role: names[1]})
    assert len(raw) == 1
    assert read(path, **{role: names[0]})[1].columns[role] == names[0]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "time,open,high,low,close,close\n2019-10-17,1.5,2,1,1.75,1.7\n")
    assert "two columns named 'close': rename or drop one" in refusal(path)


def test_unnamed_index() -> None:
    raw, understood = read(CASES / "unnamed_index.csv")
    assert first_of(raw) == ("2004-08-19T00:00", 100.0, 100.34)
    assert understood.columns["time"] == ""


@pytest.mark.parametrize("mark", ["", '""'])
def test_an_unnamed_column_can_be_named_by_nothing(mark: str) -> None:
    from genepool.adapters.files.headers import ROLES, checked_choice  # noqa: PLC0415 - one use

    chosen = checked_choice([f"time={mark}"], "--column", ROLES)
    if not mark:
        assert first_of(read(CASES / "unnamed_index.csv", **chosen)[0])[0] == "2004-08-19T00:00"


def test_an_unnamed_counter_of_rows_is_no_time(tmp_path: Path) -> None:
    rows = "".join(f"{i},2019-10-{17 + i},{PRICES}\n" for i in range(5))
    raw, _ = read(written(tmp_path, ",day,open,high,low,close,volume\n" + rows))
    assert first_of(raw)[0] == "2019-10-17T00:00"
    lone = "".join(f"{i},{PRICES}\n" for i in range(5))
    assert "no column for time" in refusal(written(tmp_path, ",open,high,low,close,volume\n" + lone))


def test_a_first_column_of_any_name_may_hold_the_times(tmp_path: Path) -> None:
    rows = "".join(f"2019-10-{17 + i},{PRICES}\n" for i in range(5))
    assert first_of(read(written(tmp_path, "Sitzung,open,high,low,close,volume\n" + rows))[0]) == (
        "2019-10-17T00:00",
        1.5,
        1.75,
    )


def test_volume_header_unknown() -> None:
    raw, understood = read(CASES / "volume_header_unknown.csv")
    assert raw.volume is not None
    assert raw.volume[0] == 4.12866856
    assert understood.columns["volume"] == "VolumeBTC"
    assert understood.unused == ()


@pytest.mark.parametrize(
    ("header", "taken", "unused"),
    [
        ("VolumeFrom,VolumeTo", "VolumeFrom", ("VolumeTo",)),
        ("Volume BTC,Volume USDT", "Volume BTC", ("Volume USDT",)),
        ("volume_ma,notes", None, ("volume_ma",)),
        ("BTC volume,predicted_funding", None, ("BTC volume", "predicted_funding")),
        ("Dividends,split", None, ("split",)),
        ("volume,quote_volume", "volume", ("quote_volume",)),
        ("next_split,vwap", None, ("next_split",)),
        ("成交量,成交额", "成交量", ()),
    ],
)
def test_columns_that_look_like_volume_funding_or_splits_are_taken_or_named(
    tmp_path: Path, header: str, taken: str | None, unused: tuple[str, ...]
) -> None:
    text = f"date,open,high,low,close,{header}\n2019-10-17,1.5,2,1,1.75,10,0\n2019-10-18,1.5,2,1,1.75,10,0\n"
    path = written(tmp_path, text)
    raw, understood = read(path)
    assert understood.columns.get("volume") == taken
    assert (raw.volume is not None) == (taken is not None)
    assert understood.unused == unused
    assert import_file(path, ImportOptions()).provenance.unused == unused


def test_yfinance_three_headers() -> None:
    raw, understood = read(CASES / "yfinance_three_headers.csv")
    assert first_of(raw) == ("2011-12-19T00:00", 628.01, 621.83)
    assert raw.rows[0] == 4
    assert understood.market == {"Ticker": "GOOG"}
    assert "header in lines 1 to 3" in understood.layout


def test_yfinance_with_several_tickers_is_refused(tmp_path: Path) -> None:
    names = [name for name in ("Close", "High", "Low", "Open", "Volume") for _ in range(2)]
    labels = f"Ticker,{','.join(['GOOG', 'AAPL'] * 5)}\nDate{',' * 10}\n"
    text = f"Price,{','.join(names)}\n{labels}2019-10-17{',1' * 10}\n"
    assert "several markets (Ticker: AAPL, GOOG): save those of one alone" in refusal(written(tmp_path, text))


def test_yfinance_without_its_index_and_with_a_ticker_of_digits(tmp_path: Path) -> None:
    text = "Date,Close,High,Low,Open,Volume\n,0700.HK,0700.HK,0700.HK,0700.HK,0700.HK\n"
    raw, _ = read(written(tmp_path, text + "2019-10-17,1.75,2,1,1.5,10\n2019-10-18,1.75,2,1,1.5,10\n"))
    assert first_of(raw) == ("2019-10-17T00:00", 1.5, 1.75)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("investing_com", ("2023-04-28T00:00", 29_475.9, 29_068.9)),
        ("nasdaq_com", ("2021-03-19T00:00", 3_913.14, 3_913.1)),
        ("nasdaq_com_dollars", ("2013-03-01T00:00", 797.8, 806.19)),
    ],
)
def test_files_of_web_pages(name: str, first: tuple[str, float, float]) -> None:
    assert first_of(read(CASES / f"{name}.csv")[0]) == first


@pytest.mark.parametrize("name", ["investing_com", "nasdaq_com", "nasdaq_com_dollars"])
def test_headers_of_web_pages(name: str) -> None:
    header = (CASES / f"{name}.csv").read_text("utf-8-sig").splitlines()[0].replace('"', "").split(",")
    found = {role: header[i] for role, i in roles_of(header, ("time", "open", "close", "volume"), {}).items()}
    assert found == {
        "time": "Date",
        "open": "Open",
        "close": "Price" if "Price" in header else "Close/Last",
        "volume": "Vol." if "Price" in header else "Volume",
    }


@pytest.mark.parametrize(
    "header",
    [
        "symbol,timestamp,open,high,low,close,volume",
        "ticker,window_start,open,high,low,close,volume",
        "Symbol,Time,Open,High,Low,Last,Volume",
        "Market,Datum,Eröffnung,Hoch,Tief,Schluss,Volumen",
        "Instrument,Data,Otwarcie,Najwyższy,Najniższy,Zamknięcie,Wolumen",
        "pair,Fecha,Apertura,Máximo,Mínimo,Último,Vol.",
        "symbol,日期,开盘,最高,最低,收盘,成交量",
        "Ticker,openTime,openPrice,highPrice,lowPrice,closePrice,volume",
    ],
)
def test_headers_of_other_sources_are_understood(tmp_path: Path, header: str) -> None:
    raw, _ = read(written(tmp_path, f"{header}\nX,2019-10-17,{PRICES}\nX,2019-10-18,{PRICES}\n"))
    assert first_of(raw) == ("2019-10-17T00:00", 1.5, 1.75)
    assert raw.volume is not None


@pytest.mark.parametrize(
    ("name", "first", "header"),
    [
        ("date_and_timestamp_columns", "2017-04-19T09:00", "Date and Timestamp"),
        ("dtyyyymmdd_one_day", "2017-04-20T00:00", "<DTYYYYMMDD> and <TIME>"),
        ("dtyyyymmdd_many_days", "2017-04-19T09:00", "<DTYYYYMMDD> and <TIME>"),
    ],
)
def test_dates_and_times_of_day_are_paired(name: str, first: str, header: str) -> None:
    raw, understood = read(CASES / f"{name}.csv")
    assert (first_of(raw)[0], understood.columns["time"]) == (first, header)
    assert set(np.diff(raw.stamps)) >= {3_600 * 1_000_000_000}


@pytest.mark.parametrize(
    ("date", "clock", "cells"),
    [
        ("Day", "HHMM", ("17.10.2019,0900", "17.10.2019,1000")),
        ("DATE", "HHMMSS", ("20191017,90000", "20191017,100000")),
        ("trade_date", "trade_time", ("2019-10-17,09:00:00", "2019-10-17,10:00:00")),
        ("Datum", "Uhrzeit", ("17.10.2019,09:00", "17.10.2019,10:00")),
        ("date", "timestamp", ("2019-10-17 00:00:00,09:00", "2019-10-17 00:00:00,10:00")),
        ("Date", "Time", ("10/17/2019,9:00 AM", "10/17/2019,10:00 AM")),
    ],
)
def test_pairs_of_other_names(tmp_path: Path, date: str, clock: str, cells: tuple[str, str]) -> None:
    rows = "".join(f"{cell},{PRICES}\n" for cell in cells)
    raw, understood = read(written(tmp_path, f"{date},{clock},open,high,low,close,volume\n" + rows))
    assert first_of(raw)[0] == "2019-10-17T09:00"
    assert understood.columns["time"] == f"{date} and {clock}"


def test_what_is_said_of_a_header_holds_in_parquet(tmp_path: Path) -> None:
    times = pd.to_datetime(["2019-09-22 10:00", "2019-09-22 11:00"], utc=True)
    prices = {"o": 1.5, "h": 2.0, "l": 1.0, "c": 1.75, "v": 10.0, "next_funding": 0.0001}
    frame = pd.DataFrame({"T": times + pd.Timedelta("59min 59.999s"), **prices, "t": times, "V": 4.0})
    frame.to_parquet(tmp_path / "prices.parquet")
    raw, understood = read(tmp_path / "prices.parquet")
    assert first_of(raw)[0] == "2019-09-22T10:00"
    assert (understood.columns["volume"], understood.unused) == ("v", ("next_funding",))
