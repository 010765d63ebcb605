"""What a file's cells say about time: read where it is certain, asked for where it is not."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.gaps import Calendar
from genepool.market.provenance import DataSet
from genepool.market.timeframes import utc

CASES = Path(__file__).parents[3] / "data/cases"
PRICES = "1.5,2,1,1.75,10"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHEET = datetime(1899, 12, 30, tzinfo=UTC)


def case(name: str, rules: CandleRules | None = None, **options: str) -> DataSet:
    reading = ReadingOptions(**options)  # type: ignore[arg-type] # only text flags
    return import_file(CASES / f"{name}.csv", ImportOptions(reading=reading, rules=rules or CandleRules()))


def seen(data: DataSet) -> tuple[str, int, str, str]:
    candles = data.candles
    return candles.timeframe, len(candles), utc(candles.stamps[0]), utc(candles.stamps[-1])


def moments(start: str, step: timedelta, count: int) -> list[datetime]:
    return [datetime.fromisoformat(start).replace(tzinfo=UTC) + step * i for i in range(count)]


def written(folder: Path, header: str, cells: Iterable[str]) -> Path:
    path = folder / "prices.csv"
    path.write_text(
        f"{header},open,high,low,close,volume\n" + "".join(f"{cell},{PRICES}\n" for cell in cells)
    )
    return path


def stamps_of(path: Path, **options: str) -> list[int]:
    raw, _ = read_candles(path, ReadingOptions(**options))  # type: ignore[arg-type] # only text flags
    return [int(stamp) for stamp in raw.stamps]


def nanoseconds(times: Sequence[datetime]) -> list[int]:
    return [round(time.timestamp()) * 10**9 for time in times]


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(InvalidCandles) as caught:
        stamps_of(path, **options)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


def test_row_counter_index() -> None:
    data = case("row_counter_index")
    assert seen(data) == ("15m", 40, "2023-03-12 18:30 UTC", "2023-03-13 04:15 UTC")
    assert dict(data.provenance.columns)["time"] == "Start Date"


def test_excel_day_numbers() -> None:
    data = case("excel_day_numbers")
    assert seen(data) == ("1d", 40, "2004-08-19 00:00 UTC", "2004-09-27 00:00 UTC")
    assert data.provenance.repairs == ("numbers read as times by --time-format 'days'",)


def test_stamp_yyyymmddhhmm() -> None:
    assert seen(case("stamp_yyyymmddhhmm")) == ("1d", 23, "2017-07-06 00:00 UTC", "2017-07-28 00:00 UTC")


def test_stamp_yymmdd() -> None:
    assert seen(case("stamp_yymmdd")) == ("1d", 23, "2017-07-06 00:00 UTC", "2017-07-28 00:00 UTC")


def test_dtyyyymmdd_one_day() -> None:
    data = case("dtyyyymmdd_one_day")
    assert seen(data) == ("1h", 24, "2017-04-20 00:00 UTC", "2017-04-20 23:00 UTC")
    assert dict(data.provenance.columns)["time"] == "<DTYYYYMMDD> and <TIME>"


def test_dtyyyymmdd_many_days() -> None:
    expected = ("1h", 59, "2017-04-19 09:00 UTC", "2017-04-21 19:00 UTC")
    assert seen(case("dtyyyymmdd_many_days")) == expected
    named = ImportOptions(reading=ReadingOptions(columns={"time": "DTYYYYMMDD"}))
    assert seen(import_file(CASES / "dtyyyymmdd_many_days.csv", named)) == expected


def test_monthly_day_first() -> None:
    path = CASES / "monthly_day_first.csv"
    assert "row 2: the stamp '01/01/2018' fits %d/%m/%Y and %m/%d/%Y" in refusal(path)
    assert stamps_of(path, time_format="%d/%m/%Y")[1] == nanoseconds(moments("2018-02-01", DAY, 1))[0]


def test_stamped_one_second_before_close() -> None:
    path = CASES / "stamped_one_second_before_close.csv"
    assert "row 2: the stamp 2021-11-17 22:59:59 UTC lies one second before a boundary" in refusal(path)
    closed = case("stamped_one_second_before_close", stamps="close")
    assert seen(closed) == ("1h", 49, "2021-11-17 22:00 UTC", "2021-11-19 22:00 UTC")
    assert closed.provenance.repairs == ("stamps read as closing times",)
    opened = case("stamped_one_second_before_close", stamps="open")
    assert seen(opened)[2] == "2021-11-17 22:59:59 UTC"


def test_stamps_off_the_grid() -> None:
    told = "candles that open off the grid of 1m: 39, the first 14.789 seconds after it, in row 2"
    assert case("stamps_off_the_grid").provenance.repairs == (told,)


@pytest.mark.parametrize(
    ("name", "row"),
    [("blank_time_cell_text", 21), ("blank_first_time_epoch", 2)],
)
def test_a_blank_time_is_refused_in_one_sentence(name: str, row: int) -> None:
    assert f"{name}.csv, row {row}: '' cannot be read as a time" in refusal(CASES / f"{name}.csv")


def test_seconds_before_1990_are_read_only_if_named() -> None:
    said = refusal(CASES / "kaggle_nan_rows.csv")
    assert "they look like seconds of a time before 1990, which is read only if named" in said
    data = case(
        "kaggle_nan_rows",
        CandleRules(repair=True, calendar=Calendar.CONTINUOUS, fill=0, max_gap=1_000),
        time_format="seconds",
    )
    assert utc(data.candles.stamps[0]) == "1970-10-30 16:34 UTC"


def test_units_row_below_header() -> None:
    assert seen(case("units_row_below_header")) == ("1h", 10, "2019-09-22 10:00 UTC", "2019-09-22 19:00 UTC")


@pytest.mark.parametrize("kind", ["int64", "timestamp"])
def test_a_null_among_the_stamps_of_a_parquet_file_is_refused(tmp_path: Path, kind: str) -> None:
    times = pd.Series([None, 1_570_230_000_000, 1_570_233_600_000], dtype="Int64")
    stamps = times if kind == "int64" else pd.to_datetime(times, unit="ms")
    frame = pd.DataFrame({"time": stamps, **dict.fromkeys(("open", "high", "low", "close"), 1.0)})
    frame.to_parquet(tmp_path / "prices.parquet")
    assert "row 1: '' cannot be read as a time" in refusal(tmp_path / "prices.parquet")


def test_cryptodatadownload_mixed() -> None:
    with pytest.raises(
        InvalidCandles, match=r"row 40: .* is that of row 39, but its .* --twins first or --twins last"
    ):
        case("cryptodatadownload_mixed")
    first, last = (case("cryptodatadownload_mixed", CandleRules(twins=kept)) for kept in ("first", "last"))
    assert seen(first) == seen(last) == ("1h", 21, "2020-11-17 06:00 UTC", "2020-11-18 02:00 UTC")
    assert "rows left out because another has their stamp: 19" in first.provenance.repairs
    assert (first.candles.open[1], last.candles.open[1]) == (16631.73, 16631.72)


def test_binance_ms_then_us() -> None:
    assert seen(case("binance_ms_then_us")) == ("1h", 24, "2019-09-28 04:00 UTC", "2019-09-29 03:00 UTC")


def test_date_and_timestamp_columns() -> None:
    data = case("date_and_timestamp_columns")
    assert seen(data) == ("1h", 39, "2017-04-19 09:00 UTC", "2017-04-20 23:00 UTC")
    assert dict(data.provenance.columns)["time"] == "Date and Timestamp"


def test_local_time_clock_change() -> None:
    path = CASES / "local_time_clock_change.csv"
    assert "2018-10-28 02:00 an hour comes twice" in refusal(path)
    assert "such as --timezone Europe/Berlin" in refusal(path)
    data = case("local_time_clock_change", timezone="Europe/Berlin")
    assert seen(data) == ("1h", 36, "2018-10-27 10:00 UTC", "2018-10-28 21:00 UTC")
    assert data.provenance.repairs == (
        "stamps read as the wall clock of Europe/Berlin",
        "stamps in hours that the clock of Europe/Berlin shows twice, told apart by their order: 2",
    )


def days_of_a_sheet(decimals: int) -> Callable[[datetime], str]:
    return lambda time: f"{(time - SHEET) / DAY:.{decimals}f}"


def epoch(scale: int) -> Callable[[datetime], str]:
    return lambda time: str(round(time.timestamp() * scale))


def pattern(text: str) -> Callable[[datetime], str]:
    return lambda time: time.strftime(text)


@pytest.mark.parametrize(
    ("form", "start", "step"),
    [
        (pattern("%y%m%d%H%M"), "2017-07-06", HOUR),
        (pattern("%y%m%d%H%M"), "2017-07-06", MINUTE),
        (pattern("%Y%m%d%H"), "2017-07-06", HOUR),
        (pattern("%Y%m%d%H"), "2010-01-01", HOUR),
        (epoch(1), "2024-02-04", MINUTE),
        (pattern("%y%m%d%H%M%S"), "2020-07-06", HOUR),
        (pattern("%Y%m%d%H%M%S000"), "2017-07-06", HOUR),
        (pattern("%d%m%Y"), "2017-07-06", DAY),
        (pattern("%d%m%y"), "2017-07-06", DAY),
        (pattern("%Y%m%d"), "1950-01-02", DAY),
        (pattern("%Y%m%d.0"), "2017-07-06", DAY),
        (lambda time: str(int(time.strftime("%y%m%d"))), "2004-01-01", DAY),
        (days_of_a_sheet(0), "2017-07-06", DAY),
        (days_of_a_sheet(10), "2017-07-06", HOUR),
        (days_of_a_sheet(5), "2017-07-06", HOUR),
        (days_of_a_sheet(4), "2017-07-06", MINUTE * 15),
        (lambda time: epoch(1000 if time.day % 2 else 1)(time), "2020-01-01", DAY),
        (pattern("%d-%b-%y"), "2017-07-06", DAY),
        (pattern("%y/%m/%d"), "2017-07-06", DAY),
        (pattern("%d/%m/%y %I:%M%p"), "2017-07-06", HOUR),
        (pattern("%Y%m%d-%H:%M:%S"), "2017-07-06", HOUR),
    ],
)
def test_forms_that_are_certain_are_read(
    tmp_path: Path, form: Callable[[datetime], str], start: str, step: timedelta
) -> None:
    times = moments(start, step, 100)
    assert stamps_of(written(tmp_path, "time", map(form, times))) == nanoseconds(times)


@pytest.mark.parametrize(
    ("form", "start", "step", "words"),
    [
        (lambda time: str(time.day), "2017-07-01", DAY, "they look like a row counter"),
        (pattern("%H%M%S"), "2017-07-06", HOUR, "they look like times of day without a date (HHMMSS)"),
        (pattern("%H%M"), "2017-07-06", HOUR, "they look like times of day without a date (HHMM)"),
        (epoch(1), "1985-01-01", DAY, "they look like seconds of a time before 1990"),
        (lambda time: str(round(time.timestamp() / 86_400)), "2017-07-06", DAY, "day numbers"),
        (lambda time: str(round(time.timestamp() / 86_400)), "2025-07-06", DAY, "day numbers"),
        (lambda time: str(round(time.timestamp() / 3_600)), "2017-07-06", HOUR, "are no times since 1990"),
        (lambda time: str(round(time.timestamp() + 62_135_596_800) * 10**7), "2017-07-06", DAY, "no times"),
        (pattern("%y%m%d%H%M"), "2017-07-06", MINUTE, "fits seconds and %y%m%d%H%M"),
        (pattern("%m%d%Y"), "2017-07-01", DAY / 2, "row 2: the stamp '07012017' fits %d%m%Y and %m%d%Y"),
        (pattern("%Y%m%d%H%M"), "2007-06-01", DAY, "fits %Y%m%d%H%M and %y%m%d%H%M%S"),
    ],
)
def test_numbers_that_are_no_certain_times_are_refused_by_name(
    tmp_path: Path, form: Callable[[datetime], str], start: str, step: timedelta, words: str
) -> None:
    assert words in refusal(written(tmp_path, "time", map(form, moments(start, step, 20))))


def test_seconds_before_1990_are_read_where_they_are_named(tmp_path: Path) -> None:
    times = moments("1985-01-01", DAY, 20)
    assert stamps_of(written(tmp_path, "time", map(epoch(1), times)), time_format="seconds") == nanoseconds(
        times
    )


def test_a_row_counter_that_could_be_days_of_a_sheet_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, "index", map(str, range(35_000, 35_050)))
    assert "look like a row counter" in refusal(path)


@pytest.mark.parametrize(
    ("headers", "forms", "step"),
    [
        ("Date,Time", ("%Y%m%d", "%H%M%S"), HOUR),
        ("<DATE>,<TIME>", ("%y%m%d", "%H%M"), HOUR),
        ("DATE,HHMM", ("%d/%m/%Y", "%H:%M"), HOUR),
        ("Time,Date", ("%H:%M:%S", "%Y-%m-%d"), HOUR),
        ("Date,Timestamp", ("%Y-%m-%d 00:00:00", "%H:%M:%S.000"), HOUR),
        ("Date,Hour", ("%Y-%m-%d", "%H"), HOUR),
        ("Date,DateTime", ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"), HOUR),
        ("index,Trading Day", ("%j", "%Y-%m-%d"), DAY),
    ],
)
def test_dates_and_times_of_day_are_joined(
    tmp_path: Path, headers: str, forms: tuple[str, str], step: timedelta
) -> None:
    times = moments("2017-07-06", step, 300)
    cells = [",".join(time.strftime(form) for form in forms) for time in times]
    assert stamps_of(written(tmp_path, headers, cells)) == nanoseconds(times)


@pytest.mark.parametrize("form", ["%H%M%S", "%H%M"])
def test_times_of_day_whose_zeros_a_sheet_left_out_are_joined(tmp_path: Path, form: str) -> None:
    times = moments("2017-07-06", HOUR, 60)
    cells = [f"{time:%Y%m%d},{int(time.strftime(form))}" for time in times]
    assert stamps_of(written(tmp_path, "Date,Time", cells)) == nanoseconds(times)


def test_two_columns_of_times_are_asked_for(tmp_path: Path) -> None:
    cells = [f"{i},2017-07-06 {i:02d}:00,2017-07-06 {i:02d}:30" for i in range(20)]
    path = written(tmp_path, "index,session start,session time", cells)
    assert "'session start' and 'session time' both hold times" in refusal(path)


@pytest.mark.parametrize(
    ("tick", "step", "words"),
    [
        (timedelta(milliseconds=1), HOUR, "one millisecond"),
        (timedelta(microseconds=1), HOUR * 4, "one microsecond"),
        (timedelta(seconds=1), DAY, "one second"),
        (timedelta(seconds=1), timedelta(seconds=15), "one second"),
        (MINUTE, DAY, "one minute"),
        (MINUTE, MINUTE * 5, "one minute"),
    ],
)
def test_stamps_one_tick_before_a_boundary_are_closing_times(
    tmp_path: Path, tick: timedelta, step: timedelta, words: str
) -> None:
    times = moments("2017-07-06", step, 50)
    path = written(tmp_path, "time", [f"{time + step - tick:%Y-%m-%d %H:%M:%S.%f}" for time in times])
    assert f"lies {words} before a boundary" in refusal(path)
    assert stamps_of(path, stamps="close") == nanoseconds(times)


def test_closing_times_on_the_boundary_are_moved_when_named(tmp_path: Path) -> None:
    times = moments("2017-07-06", HOUR, 50)
    path = written(tmp_path, "time", [f"{time + HOUR:%Y-%m-%d %H:%M}" for time in times])
    assert stamps_of(path, stamps="close") == nanoseconds(times)


def test_monthly_closing_times_open_on_the_first(tmp_path: Path) -> None:
    firsts = np.arange("2015-01", "2018-01", dtype="datetime64[M]").astype("datetime64[s]")
    path = written(tmp_path, "time", map(str, firsts[1:] - np.timedelta64(1, "s")))
    assert stamps_of(path, stamps="close") == (firsts[:-1].astype(np.int64) * 10**9).tolist()


@pytest.mark.parametrize("odd", [0, 3, 8])
def test_stamps_with_and_without_a_zone_are_refused(tmp_path: Path, odd: int) -> None:
    zones = ["+02:00" if i == odd else "" for i in range(9)]
    path = written(tmp_path, "time", [f"2017-07-06 0{i}:00:00{zone}" for i, zone in enumerate(zones)])
    assert "some name a zone and some do not" in refusal(path)
