"""What vendors and exchanges write that the files of others do not show: headers, zones, nesting, packing."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.adapters.files.reading import read_candles, read_funding
from genepool.errors import InvalidCandles
from genepool.market.raw_columns import RawColumns

HOURS = [f"2019-10-17 {hour:02d}:00:00" for hour in range(9, 14)]
MILLISECONDS = [int(np.datetime64(hour, "ms").astype(np.int64)) for hour in HOURS]
PRICES = "1.5,2,1,1.75,10"
ROWS = [[stamp, 1.5, 2.0, 1.0, 1.75, 10.0] for stamp in MILLISECONDS]


def written(folder: Path, text: str | bytes, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(path: Path) -> tuple[RawColumns, Understood]:
    return read_candles(path, ReadingOptions())


def assert_read(raw: RawColumns, first: str = HOURS[0], rows: int = 5) -> None:
    assert str(np.datetime64(int(raw.stamps[0]), "ns").astype("datetime64[s]")) == first.replace(" ", "T")
    assert (len(raw.stamps), raw.open[0], raw.high[0], raw.low[0], raw.close[0]) == (rows, 1.5, 2, 1, 1.75)


@pytest.mark.parametrize(
    "header",
    [
        "timestamp,open (USD),high (USD),low (USD),close (USD),volume",
        "Time [UTC],Open [EUR],High [EUR],Low [EUR],Close [EUR],Vol(BTC)",
        "time,mid.o,mid.h,mid.l,mid.c,volume",
        "ticks,open,high,low,close,volume",
        "일자,시가,고가,저가,종가,거래량",
        "日付,始値,高値,安値,終値,出来高",
        "Дата,Открытие,Максимум,Минимум,Закрытие,Объем",
        "Tarih,Aç\u0131l\u0131ş,Yüksek,Düşük,Şimdi,Hac.",
        "Datum,Openen,Hoog,Laag,Slot,Volume",
        "Datum,Öppning,Högst,Lägst,Stängning,Volym",
        "candle_date_time_utc,opening_price,high_price,low_price,trade_price,candle_acc_trade_volume",
    ],
)
def test_headers_with_units_and_of_further_languages(tmp_path: Path, header: str) -> None:
    raw, _ = read(written(tmp_path, "\n".join([header, *(f"{hour},{PRICES}" for hour in HOURS)])))

    assert_read(raw)
    assert raw.volume is not None


def test_prices_in_two_currencies_are_asked_for(tmp_path: Path) -> None:
    header = "time,open (USD),open (EUR),high (USD),low (USD),close (USD)"
    path = written(tmp_path, f"{header}\n{HOURS[0]},1.5,1.4,2,1,1.75\n")

    with pytest.raises(InvalidCandles, match=r"'open \(USD\)' and 'open \(EUR\)' may both be"):
        read(path)


@pytest.mark.parametrize("header", ["contracts", "shares", "lots", "Trades", "size"])
def test_what_may_be_the_volume_is_named_where_there_is_none(tmp_path: Path, header: str) -> None:
    text = "\n".join([f"time,open,high,low,close,{header}", *(f"{hour},{PRICES}" for hour in HOURS)])

    assert read(written(tmp_path, text))[1].unused == (header,)


@pytest.mark.parametrize(
    ("stamps", "first"),
    [
        ([f"20191017  {h:02d}:00:00" for h in range(9, 14)], "2019-10-17 09:00:00"),
        ([f"20191017 {h:02d}:00:00 US/Eastern" for h in range(9, 14)], "2019-10-17 13:00:00"),
        ([f"2019-10-17 {h:02d}:00:00-04:00[America/New_York]" for h in range(9, 14)], "2019-10-17 13:00:00"),
        ([f"2019-10-17 {h:02d}:00:00 EDT" for h in range(9, 14)], "2019-10-17 13:00:00"),
        ([f"17.10.2019 {h:02d}:00 CEST" for h in range(9, 14)], "2019-10-17 07:00:00"),
        ([f"20191017T{h:02d}0000Z" for h in range(9, 14)], "2019-10-17 09:00:00"),
        ([f"17-October-2019 {h:02d}:00" for h in range(9, 14)], "2019-10-17 09:00:00"),
        ([f"Oct 17 2019 {h:02d}:00AM" for h in range(9, 12)], "2019-10-17 09:00:00"),
        ([f"Thu Oct 17 {h:02d}:00:00 2019" for h in range(9, 14)], "2019-10-17 09:00:00"),
        ([f'"Thu, 17 Oct 2019 {h:02d}:00:00 GMT"' for h in range(9, 14)], "2019-10-17 09:00:00"),
        (["Aug 2017", "Sep 2017", "Oct 2017", "Nov 2017"], "2017-08-01 00:00:00"),
        (["August 2017", "September 2017", "October 2017"], "2017-08-01 00:00:00"),
        (["08/2017", "09/2017", "10/2017", "11/2017"], "2017-08-01 00:00:00"),
    ],
)
def test_stamps_with_zones_weekdays_and_months_in_words(
    tmp_path: Path, stamps: list[str], first: str
) -> None:
    text = "\n".join(["time,open,high,low,close,volume", *(f"{stamp},{PRICES}" for stamp in stamps)])

    assert_read(read(written(tmp_path, text))[0], first, len(stamps))


def test_hours_in_words_follow_the_clock_when_it_changes(tmp_path: Path) -> None:
    stamps = ["2019-11-01 16:00:00 EDT", "2019-11-04 09:00:00 EST", "2019-11-04 10:00:00 EST"]
    text = "\n".join(["time,open,high,low,close", *(f"{stamp},1.5,2,1,1.75" for stamp in stamps)])

    raw, understood = read(written(tmp_path, text))

    assert [str(np.datetime64(int(s), "ns"))[:13] for s in raw.stamps][:2] == [
        "2019-11-01T20",
        "2019-11-04T14",
    ]
    assert understood.zone == "America/New_York"


def test_several_zones_by_name_are_refused(tmp_path: Path) -> None:
    text = (
        f"time,open,high,low,close,volume\n{HOURS[0]} US/Eastern,{PRICES}\n{HOURS[1]} Asia/Tokyo,{PRICES}\n"
    )

    with pytest.raises(InvalidCandles, match="several zones"):
        read(written(tmp_path, text))


DOCUMENTS = {
    "yahoo": {
        "chart": {
            "result": [
                {
                    "meta": {"symbol": "SPY"},
                    "timestamp": MILLISECONDS,
                    "indicators": {
                        "quote": [
                            {
                                name: [row[i] for row in ROWS]
                                for i, name in enumerate(("open", "high", "low", "close", "volume"), start=1)
                            }
                        ]
                    },
                }
            ]
        }
    },
    "oanda": {
        "candles": [
            {"time": hour, "volume": 10, "mid": {"o": "1.5", "h": "2", "l": "1", "c": "1.75"}}
            for hour in HOURS
        ]
    },
    "mongo": [
        {"time": {"$date": hour}, "open": 1.5, "high": 2, "low": 1, "close": 1.75, "volume": 10}
        for hour in HOURS
    ],
}


@pytest.mark.parametrize("vendor", DOCUMENTS)
def test_values_within_objects_are_found(tmp_path: Path, vendor: str) -> None:
    raw, _ = read(written(tmp_path, json.dumps(DOCUMENTS[vendor]), "prices.json"))

    assert_read(raw)
    assert raw.volume is not None


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table"])
def test_what_pandas_writes_of_a_frame_with_times_in_its_index(tmp_path: Path, orient: str) -> None:
    frame = pd.DataFrame(ROWS, columns=["time", "open", "high", "low", "close", "volume"])
    frame = frame.assign(time=pd.to_datetime(frame["time"], unit="ms")).set_index("time")

    assert_read(read(written(tmp_path, frame.to_json(orient=orient, date_format="iso"), "prices.json"))[0])


def test_lists_one_a_line(tmp_path: Path) -> None:
    assert_read(read(written(tmp_path, "\n".join(map(json.dumps, ROWS)), "prices.jsonl"))[0])


@pytest.mark.parametrize("swapped", [False, True])
def test_a_download_of_yfinance_kept_as_parquet(tmp_path: Path, swapped: bool) -> None:
    frame = pd.DataFrame([row[1:] for row in ROWS], index=pd.DatetimeIndex(HOURS, name="Date"))
    names = [(name, "SPY") for name in ("Open", "High", "Low", "Close", "Volume")]
    frame.columns = pd.MultiIndex.from_tuples([pair[::-1] if swapped else pair for pair in names])
    frame.to_parquet(tmp_path / "prices.parquet")

    raw, understood = read(tmp_path / "prices.parquet")

    assert_read(raw)
    assert understood.market == {"Ticker": "SPY"}


def test_a_download_of_two_shares_kept_as_parquet_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame([row[1:5] * 2 for row in ROWS], index=pd.DatetimeIndex(HOURS, name="Date"))
    frame.columns = pd.MultiIndex.from_product([["SPY", "QQQ"], ["Open", "High", "Low", "Close"]])
    frame.to_parquet(tmp_path / "prices.parquet")

    with pytest.raises(InvalidCandles, match=r"several markets \(QQQ, SPY\)"):
        read(tmp_path / "prices.parquet")


def zipped(folder: Path, **members: str) -> Path:
    with zipfile.ZipFile(folder / "prices.zip", "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return folder / "prices.zip"


def test_a_note_beside_the_candles_in_an_archive_is_left_aside(tmp_path: Path) -> None:
    text = "\n".join(["time,open,high,low,close,volume", *(f"{hour},{PRICES}" for hour in HOURS)])

    assert_read(read(zipped(tmp_path, prices_txt="status report", prices_csv=text))[0])
    with pytest.raises(InvalidCandles, match="2 files"):
        read(zipped(tmp_path, a_csv=text, b_csv=text))
    with pytest.raises(InvalidCandles, match="2 files"):
        read(zipped(tmp_path, a_csv="x", b_txt=text))


def test_rows_that_r_numbered_below_a_header_without_a_name_for_it(tmp_path: Path) -> None:
    rows = [f'"{number}","{hour}",{PRICES}' for number, hour in enumerate(HOURS, start=1)]

    assert_read(read(written(tmp_path, "\n".join(["time,open,high,low,close,volume", *rows])))[0])


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("calc_time,funding_interval_hours,last_funding_rate", "{},8,0.0001"),
        ("symbol,fundingTime,fundingRate,markPrice", "BTCUSDT,{},0.0001,6300.5"),
        ("symbol,fundingRate,fundingRateTimestamp", "BTCUSDT,0.0001,{}"),
        ("instId,fundingRate,realizedRate,fundingTime", "BTC-USDT-SWAP,0.0001,0.0001,{}"),
    ],
)
def test_funding_rates_as_exchanges_publish_them(tmp_path: Path, header: str, row: str) -> None:
    path = written(tmp_path, "\n".join([header, *(row.format(stamp) for stamp in MILLISECONDS)]))

    stamps, rates, _ = read_funding(path, ReadingOptions())

    assert stamps[0] == MILLISECONDS[0] * 1_000_000
    assert rates.tolist() == [0.0001] * 5


def test_funding_rates_in_the_lists_of_freqtrade(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps([[stamp, 0.0001, 0, 0, 0, 0] for stamp in MILLISECONDS]), "f.json")

    assert read_funding(path, ReadingOptions())[1].tolist() == [0.0001] * 5


def test_a_file_without_rates_is_refused_with_a_flag_for_them(tmp_path: Path) -> None:
    path = written(tmp_path, "time,a\n2019-10-17,0.0001\n")

    with pytest.raises(InvalidCandles, match="--funding-column funding=HEADER"):
        read_funding(path, ReadingOptions())


@pytest.mark.parametrize(
    "header", ["close_time", "Close Time", "closeTime", "bar_end", "Period Ending", "endtime"]
)
def test_times_that_the_header_calls_closing_are_asked_for(tmp_path: Path, header: str) -> None:
    text = "\n".join([f"{header},open,high,low,close,volume", *(f"{hour},{PRICES}" for hour in HOURS)])
    path = written(tmp_path, text)

    with pytest.raises(InvalidCandles, match="--stamps close or --stamps open"):
        read(path)
    closed, _ = read_candles(path, ReadingOptions(stamps="close"))
    assert_read(closed, "2019-10-17 08:00:00")
    assert_read(read_candles(path, ReadingOptions(stamps="open"))[0])


@pytest.mark.parametrize(
    "pair",
    ["dt,tm", "Data,Ora", "Date,Heure", "Datum,Tijd", "Дата,Время", "일자,시간", "日付,時刻", "日期,时间"],
)
def test_a_time_of_day_beside_a_date_in_further_languages(tmp_path: Path, pair: str) -> None:
    rows = [f"{hour.replace(' ', ',')},{PRICES}" for hour in HOURS]

    assert_read(read(written(tmp_path, "\n".join([f"{pair},open,high,low,close,volume", *rows])))[0])
