"""CSV in the shapes that exchanges, brokers and spreadsheets write, and the sentences for the rest."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from genepool.adapters.files import reading, tables
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import ConfigError, InvalidCandles
from genepool.market.candle_rules import CandleRules

HOUR = 3_600 * 1_000_000_000
PRICES = "1.5,2,1,1.75,10"


def stamp(text: str) -> int:
    return int(np.datetime64(text, "ns").astype(np.int64))


def written(folder: Path, text: str | bytes, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def stamps_of(path: Path, **options: str) -> list[int]:
    raw, _ = read_candles(path, ReadingOptions(**options))  # type: ignore[arg-type] # only text flags
    return [int(stamp) for stamp in raw.stamps]


def refusal(path: Path, options: ReadingOptions | None = None) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read_candles(path, options or ReadingOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2019-10-17 09-AM", "2019-10-17 10-AM"),
        ("17.10.2019 09:00:00.000", "17.10.2019 10:00:00.000"),
        ("17.10.2019 09:00:00.000 GMT+0000", "17.10.2019 10:00:00.000 GMT+0000"),
        ("2019-10-17T09:00:00Z", "2019-10-17T10:00:00Z"),
        ("2019-10-17 11:00:00+02:00", "2019-10-17 12:00:00+02:00"),
        ("2019-10-17 09:00", "2019-10-17 10:00"),
        ("2019.10.17 09:00", "2019.10.17 10:00"),
        ("17/10/2019 09:00", "17/10/2019 10:00"),
        ("10/17/2019 09:00", "10/17/2019 10:00"),
        ("10/17/2019 9:00 AM", "10/17/2019 10:00 AM"),
        ("20191017 090000", "20191017 100000"),
        ("20191017 0900", "20191017 1000"),
        ("20191017090000", "20191017100000"),
        ("1571302800", "1571306400"),
        ("1571302800.0", "1571306400.0"),
        ("1571302800000", "1571306400000"),
        ("1571302800000000", "1571306400000000"),
        ("1571302800000000000", "1571306400000000000"),
        ("1.5713028e9", "1.5713064e9"),
        ("2019-10-17 09:00:00 UTC", "2019-10-17 10:00:00 UTC"),
        ("17-Oct-2019 09:00", "17-Oct-2019 10:00"),
    ],
)
def test_stamps_are_understood(tmp_path: Path, first: str, second: str) -> None:
    path = written(tmp_path, f"time,open,high,low,close,volume\n{first},{PRICES}\n{second},{PRICES}\n")
    assert stamps_of(path) == [stamp("2019-10-17T09:00"), stamp("2019-10-17T10:00")]


def test_a_time_format_may_be_named(tmp_path: Path) -> None:
    path = written(
        tmp_path, f"time,open,high,low,close,volume\n09h 17|10|19,{PRICES}\n10h 17|10|19,{PRICES}\n"
    )
    assert "row 2: '09h 17|10|19' cannot be read as a time" in refusal(path)
    assert stamps_of(path, time_format="%Hh %d|%m|%y") == [
        stamp("2019-10-17T09:00"),
        stamp("2019-10-17T10:00"),
    ]


def test_day_and_month_are_told_apart_by_what_is_evenly_spaced(tmp_path: Path) -> None:
    days = [f"{day:02d}/03/2019 {hour:02d}:00" for day in range(1, 13) for hour in range(24)]
    rows = "".join(f"{day},{PRICES}\n" for day in days)
    assert stamps_of(written(tmp_path, "date,o,h,l,c,v\n" + rows))[-1] == stamp("2019-03-12T23:00")
    rows = "".join(f"03/{day[:2]}{day[5:]},{PRICES}\n" for day in days)
    assert stamps_of(written(tmp_path, "date,o,h,l,c,v\n" + rows))[-1] == stamp("2019-03-12T23:00")


def test_twelve_days_that_may_be_twelve_months_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{day:02d}/03/2019,{PRICES}\n" for day in range(1, 13))
    path = written(tmp_path, "date,o,h,l,c,v\n" + rows)
    assert "fits %d/%m/%Y and %m/%d/%Y, and both space the stamps evenly" in refusal(path)
    assert stamps_of(path, time_format="%m/%d/%Y")[-1] == stamp("2019-12-03")


def test_day_and_month_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"04/03/2019 {hour:02d}:00,{PRICES}\n" for hour in range(5))
    path = written(tmp_path, "date,o,h,l,c,v\n" + rows)
    assert "--time-format '%d/%m/%Y %H:%M'" in refusal(path)
    assert stamps_of(path, time_format="%d/%m/%Y %H:%M")[0] == stamp("2019-03-04")


@pytest.mark.parametrize(
    "header",
    [
        "Date,Open,High,Low,Close,Volume",
        "TIMESTAMP,OPEN,HIGH,LOW,CLOSE,VOLUME",
        "open_time,o,h,l,c,v",
        "Open time,Open,High,Low,Close,Volume USD",
        "<DATETIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>",
        'date,"1. open","2. high","3. low","4. close","5. volume"',
        "openTime,open,high,low,close,volume_btc",
        "time ,  open, high,low , close,tick_volume",
    ],
)
def test_headers_are_understood(tmp_path: Path, header: str) -> None:
    path = written(tmp_path, f"{header}\n2019-10-17 09:00,{PRICES}\n2019-10-17 10:00,{PRICES}\n")
    raw, _ = read_candles(path, ReadingOptions())
    assert raw.volume is not None
    assert [column[0] for column in (raw.open, raw.high, raw.low, raw.close, raw.volume)] == [
        1.5,
        2,
        1,
        1.75,
        10,
    ]


def test_a_header_may_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, f"time,first,high,low,final,traded\n2019-10-17,{PRICES}\n2019-10-18,{PRICES}\n")
    assert "--column open=HEADER" in refusal(path)
    options = ReadingOptions(columns={"open": "First", "close": "final", "volume": "traded"})
    raw, understood = read_candles(path, options)
    assert raw.open.tolist() == [1.5, 1.5]
    assert understood.columns["close"] == "final"
    assert raw.volume is not None


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(tmp_path: Path, mark: str) -> None:
    text = f"date,open,high,low,close,volume\n2019-10-17,{PRICES}\n2019-10-18,{PRICES}\n".replace(",", mark)
    assert len(stamps_of(written(tmp_path, text))) == 2


def test_any_delimiter_may_be_named(tmp_path: Path) -> None:
    text = f"date,open,high,low,close,volume\n2019-10-17,{PRICES}\n2019-10-18,{PRICES}\n".replace(",", "~")
    assert len(stamps_of(written(tmp_path, text), delimiter="~")) == 2


def test_decimal_commas_are_understood(tmp_path: Path) -> None:
    text = "Date;Open;High;Low;Close\n17.10.2019;1,5;2,25;1,0;1,75\n18.10.2019;1,5;2,25;1,0;1,75\n"
    raw, _ = read_candles(written(tmp_path, text), ReadingOptions())
    assert raw.high.tolist() == [2.25, 2.25]
    assert raw.volume is None


def test_date_and_time_may_stand_in_two_columns(tmp_path: Path) -> None:
    text = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
    rows = [f"2019.10.17\t{hour:02d}:00:00\t1.5\t2\t1\t1.75\t12\t0\t4\n" for hour in (9, 10)]
    raw, _ = read_candles(written(tmp_path, text + "".join(rows)), ReadingOptions())
    assert raw.stamps.tolist() == [stamp("2019-10-17T09:00"), stamp("2019-10-17T10:00")]
    assert raw.volume is not None
    assert raw.volume.tolist() == [12, 12]


def test_lines_above_the_header_remarks_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    text = (
        f"Times are UTC,source\n\n# remark\ndate,open,high,low,close,volume\n2019-10-17,{PRICES}\n\n"
        f"# halfway\n2019-10-18,{PRICES}\n"
    )
    raw, understood = read_candles(written(tmp_path, text), ReadingOptions())
    assert raw.rows.tolist() == [5, 8]
    assert "header in line 4" in understood.layout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    text = f"date,open,high,low,close,volume\n2019-10-17,{PRICES}\n2019-10-18,{PRICES}\n"
    assert len(stamps_of(written(tmp_path, text.encode(encoding)))) == 2


def test_windows_line_ends_and_gzip_are_understood(tmp_path: Path) -> None:
    text = f"date,open,high,low,close,volume\r\n2019-10-17,{PRICES}\r\n2019-10-18,{PRICES}\r\n"
    path = written(tmp_path, gzip.compress(text.encode()), "prices.csv.gz")
    raw, _ = read_candles(path, ReadingOptions())
    assert raw.rows.tolist() == [2, 3]


def test_prices_in_points_are_scaled(tmp_path: Path) -> None:
    text = "Date,open,high,low,close,tick_volume\n2019-10-17,127613.00000000001,127700,127600,127650,5\n" * 1
    raw, _ = read_candles(written(tmp_path, text), ReadingOptions(price_scale=100_000))
    assert raw.open[0] == 127613.00000000001 / 100_000
    assert raw.volume is not None
    assert raw.volume[0] == 5


def test_numbers_are_read_to_the_last_bit(tmp_path: Path) -> None:
    numbers = [0.1 + 0.2, 1e-12, 123456789.12345679, 2.2250738585072014e-300, 1e12]
    rows = "".join(f"{1571302800 + 3600 * i},{n!r},{n!r},{n!r},{n!r},3e9\n" for i, n in enumerate(numbers))
    raw, _ = read_candles(written(tmp_path, "t,o,h,l,c,v\n" + rows), ReadingOptions())
    assert raw.close.tolist() == numbers
    assert raw.volume is not None
    assert raw.volume[0] == 3e9


GOOD = "date,open,high,low,close,volume\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "prices.csv is empty"),
        (b"\x00\x01\x02\xff\xfe" * 400, "neither text nor Parquet nor feather"),
        (bytes(range(256)) * 40, "neither text nor Parquet nor feather"),
        (b"PAR1" + b"\x00" * 400, "damaged or cut short"),
        (b"ARROW1\x00\x00" + b"\x01" * 400, "damaged or cut short"),
        (b"\x1f\x8b\x08" + b"\x01" * 40, "damaged or cut short"),
        (
            gzip.compress((GOOD + f"2019-10-17,{PRICES}\n" * 50).encode(), mtime=0)[:-20],
            "damaged or cut short",
        ),
        (b"# K\x81rs\n" + GOOD.encode(), "text in UTF-8, UTF-16 or Windows-1252"),
        (
            GOOD + f'2019-10-17,{PRICES}\n2019-10-18,"1.5,2,1,1.75,10\n',
            "row 3: a quote opens and never closes",
        ),
        (
            GOOD + f"2019-10-17,{PRICES}\n2019-10-18,1_5,2,1,1.75,10\n",
            "row 3: open is '1_5', which is no number",
        ),
        (GOOD + f"2019-10-17,{PRICES}\n{'x' * 70_000},{PRICES}\n", f"row 3: '{'x' * 60}...' cannot be read"),
        (
            GOOD + f"2019-10-17,{PRICES}\n2019-10-18,{'x' * 90},2,1,1.75,10\n",
            f"open is '{'x' * 60}...', which",
        ),
        (GOOD + f"2019-10-17,{PRICES}\n,{PRICES}\n", "row 3: '' cannot be read as a time"),
        (
            GOOD + '2019-10-17,"40,250","40,500","40,100","40,300","1,250"\n',
            "row 2: open is '40,250', and no cell of the file says whether the comma parts thousands or",
        ),
        (b"PK\x03\x04" + b"\x00" * 40, "damaged or cut short"),
        ("1,2,3,4,5,6\n1,2,3,4,5,6\n", "no header names time, open, high, low, close"),
        ("date,open,high,low,volume\n2019-10-17,1,2,3,4\n", "first line is 'date,open,high,low,volume'"),
        (
            GOOD + f"2019-10-17,{PRICES}\n2019-10-18,1.5,abc,1,1.75,10\n",
            "row 3: high is 'abc', which is no number",
        ),
        (GOOD + f"2019-10-17,{PRICES}\n2019-10-18,1.5,True,1,1.75,10\n", "row 3: high is 'True'"),
        (GOOD + f"2019-10-17,{PRICES}\nyesterday,{PRICES}\n", "row 3: 'yesterday' cannot be read as a time"),
        (GOOD + f"2019-10-17,{PRICES}\n,{PRICES}\n", "row 3: "),
        (GOOD + f"1571302800,{PRICES}\nsoon,{PRICES}\n", "row 3: 'soon' cannot be read as a time"),
        (
            GOOD + f"2019-10-17,{PRICES}\n2019-10-18,{PRICES},7,8\n",
            "row 3: it has 8 cells where the header has 6",
        ),
        (
            GOOD + f"2019-10-17,{PRICES},7\n2019-10-18,{PRICES},7\n",
            "row 2: it has 7 cells where the header has 6",
        ),
        (GOOD + f"9999-10-17,{PRICES}\n9999-10-18,{PRICES}\n", "1678 to 2261"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    assert words in refusal(written(tmp_path, text))


def test_a_row_cut_short_is_refused_by_the_rules(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + f"2019-10-17,{PRICES}\n2019-10-18,1.5,2\n")
    with pytest.raises(InvalidCandles, match=r"prices\.csv, row 3: low is missing"):
        import_file(path, ImportOptions())


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read (No such file or directory)" in refusal(tmp_path / "nothing.csv")
    assert "cannot be read" in refusal(tmp_path)


def test_one_market_is_chosen_by_its_column(tmp_path: Path) -> None:
    text = "date,symbol,open,high,low,close\n" + "".join(
        f"2019-10-{day},{coin},1,2,1,2\n" for day in (17, 18, 19) for coin in ("BTC", "ETH")
    )
    path = written(tmp_path, text)
    assert "holds several markets (symbol: BTC, ETH): choose one with --where symbol=NAME" in refusal(path)
    data = import_file(path, ImportOptions(reading=ReadingOptions(where={"Symbol": "eth"})))
    assert len(data.candles) == 3
    assert data.candles.symbol == "ETH"
    assert "choose from symbol: BTC, ETH" in refusal(path, ReadingOptions(where={"symbol": "SOL"}))
    assert "no column 'coin'" in refusal(path, ReadingOptions(where={"coin": "SOL"}))


@pytest.mark.parametrize(
    ("name", "symbol"), [("BTC_USDC_USDC-1h-futures.csv", "BTC_USDC_USDC"), ("GBPUSDh1.csv", "GBPUSDh1")]
)
def test_the_symbol_is_taken_from_the_name_of_the_file(tmp_path: Path, name: str, symbol: str) -> None:
    path = written(tmp_path, GOOD + f"2019-10-17,{PRICES}\n2019-10-18,{PRICES}\n", name)
    assert import_file(path, ImportOptions()).candles.symbol == symbol
    assert import_file(path, ImportOptions(symbol="MINE")).candles.symbol == "MINE"


def test_funding_may_stand_in_the_candles_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "date,o,h,l,c,fund\n2019-10-17,1,2,1,2,0.001\n2019-10-18,1,2,1,2,-0.002\n")
    data = import_file(path, ImportOptions(reading=ReadingOptions(columns={"funding": "fund"})))
    assert data.candles.funding is not None
    assert data.candles.funding.tolist() == [0.001, -0.002]
    assert import_file(path, ImportOptions()).candles.funding is None


def test_more_candles_than_fit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CANDLES", 3)
    rows = "".join(f"{1571302800 + 3600 * i},{PRICES}\n" for i in range(4))
    assert "holds more than 3 rows" in refusal(written(tmp_path, "t,o,h,l,c,v\n" + rows))


def test_rows_keep_their_numbers_over_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genepool.adapters.files.csv_table.CHUNK_ROWS", 7)
    assert tables.CHUNK_ROWS > 7
    rows = [f"{1571302800 + 3600 * i},{PRICES}\n" for i in range(50)]
    rows[40] = rows[40].replace("1.75", "oops")
    assert "row 42: close is 'oops'" in refusal(written(tmp_path, "t,o,h,l,c,v\n" + "".join(rows)))


def test_a_delimiter_at_the_end_of_each_row_is_no_cell(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + f"2019-10-17,{PRICES},\n2019-10-18,{PRICES},\n")
    assert len(stamps_of(path)) == 2


def test_flags_that_pair_names_are_checked() -> None:
    from genepool.adapters.files.headers import ROLES, checked_choice  # noqa: PLC0415 - one use

    assert checked_choice(["open=First Price"], "--column", ROLES) == {"open": "First Price"}
    with pytest.raises(ConfigError, match="--column 'opne=x' names no known column"):
        checked_choice(["opne=x"], "--column", ROLES)
    with pytest.raises(ConfigError, match="give NAME=VALUE"):
        checked_choice(["venue"], "--where")


def test_rules_apply_to_what_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + f"2019-10-17,{PRICES}\n2019-10-18,1.5,2,1,2.5,10\n")
    with pytest.raises(InvalidCandles, match=r"row 3: close 2\.5 lies outside low 1\.0 to high 2\.0"):
        import_file(path, ImportOptions(rules=CandleRules(timeframe="1d")))


def test_decimal_commas_are_seen_below_a_row_of_whole_numbers(tmp_path: Path) -> None:
    text = "date;open;high;low;close\n2019-10-17;1;2;1;2\n2019-10-18;1,5;2;1;1,75\n"
    raw, _ = read_candles(written(tmp_path, text), ReadingOptions())
    assert raw.open.tolist() == [1.0, 1.5]


def test_quoted_decimal_commas_between_commas_are_decimals(tmp_path: Path) -> None:
    text = 'date,open,high,low,close\n2019-10-17,"100,25","100,5","99,125","100"\n'
    raw, _ = read_candles(written(tmp_path, text), ReadingOptions())
    assert (raw.open[0], raw.low[0], raw.close[0]) == (100.25, 99.125, 100.0)


def test_empty_cells_behind_every_row_are_passed_over_in_silence(tmp_path: Path) -> None:
    text = f"# from a sheet\n{GOOD}\n2019-10-17,{PRICES},,\n2019-10-18,{PRICES},,\n"
    assert len(stamps_of(written(tmp_path, text))) == 2


def test_a_header_of_many_thousand_columns_is_read_to_its_end(tmp_path: Path) -> None:
    names = ",".join(f"feature_{i}" for i in range(7_000))
    text = f"{names},date,open,high,low,close\n" + ",".join(["0"] * 7_000) + ",2019-10-17,1.5,2,1,1.75\n"
    raw, _ = read_candles(written(tmp_path, text), ReadingOptions())
    assert raw.close.tolist() == [1.75]


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "prices.csv")
    assert "is a pipe or a device: save it to a file" in refusal(tmp_path / "prices.csv")


def test_the_opening_time_goes_before_other_stamps(tmp_path: Path) -> None:
    text = "timeOpen;timeClose;open;high;low;close;timestamp\n" + "".join(
        f"2019-10-{day}T00:00:00Z;2019-10-{day}T23:59:59Z;1.5;2;1;1.75;2019-10-{day}T23:59:59Z\n"
        for day in (17, 18)
    )
    assert stamps_of(written(tmp_path, text)) == [stamp("2019-10-17"), stamp("2019-10-18")]


@pytest.mark.parametrize("line", [0, 1])
def test_a_quote_that_takes_all_that_is_left_is_refused_with_its_row(tmp_path: Path, line: int) -> None:
    lines = ["time,open,high,low,close,volume", *(f"2019-10-17 {h:02d}:00,{PRICES}" for h in range(9, 14))]
    lines[line] = ('time,open,high,low,close,"', f'"2019-10-17 09:00,{PRICES}')[line]

    assert f"row {line + 1}: a quote opens and never closes" in refusal(written(tmp_path, "\n".join(lines)))
