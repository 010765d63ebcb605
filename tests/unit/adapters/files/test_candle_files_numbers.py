"""What cells of numbers mean, decided by the whole column, and the question where nothing decides."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.number_cells import number_cell
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules

CASES = Path(__file__).parents[3] / "data" / "cases"
TABBED = CASES / "thousands_commas_tab.csv"


def table(
    folder: Path, delimiter: str, rows: list[tuple[str, ...]], headers: str = "Date Open High Low Close"
) -> Path:
    """Write rows below their headers, each with a day of its own and every cell in quotes."""
    names = [*headers.split(), *(["Volume"] if len(rows[0]) > 4 else [])]
    lines = [names, *([f"2024-01-{i + 1:02d}", *row] for i, row in enumerate(rows))]
    path = folder / "prices.csv"
    path.write_text(
        "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines), encoding="utf-8"
    )
    return path


def closes(path: Path, **options: str) -> list[float]:
    raw, _ = read_candles(path, ReadingOptions(**options))  # type: ignore[arg-type] # only text flags
    return [float(close) for close in raw.close]


def asked(path: Path) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read_candles(path, ReadingOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_thousands_commas_tab() -> None:
    said = asked(TABBED)
    assert said.startswith("thousands_commas_tab.csv, row 2: open is '10,012', and no cell of the file says")
    assert said.endswith("--thousands comma or --decimal comma")
    raw, _ = read_candles(TABBED, ReadingOptions(thousands=","))
    assert (raw.open[0], raw.low[0], raw.close[-1]) == (10_012, 9_986, 9_716)
    raw, _ = read_candles(TABBED, ReadingOptions(decimal=","))
    assert (raw.open[0], raw.low[0]) == (10.012, 9.986)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize(
    ("mark", "name"), [(",", "comma"), (".", "point"), ("'", "apostrophe"), (" ", "space")]
)
def test_any_mark_before_three_digits_alone_is_asked_for(
    tmp_path: Path, delimiter: str, mark: str, name: str
) -> None:
    path = table(tmp_path, delimiter, [tuple(f"{n}{mark}012" for n in (10, 11, 9, 10))] * 3)
    assert f"--thousands {name}" in asked(path)
    assert (f"--decimal {name}" in asked(path)) == (mark in ".,")
    assert closes(path, thousands=mark) == [10_012.0] * 3


def test_quoted_commas_between_commas_are_asked_for_too(tmp_path: Path) -> None:
    path = table(tmp_path, ",", [("10,012", "11,012", "9,012", "10,012")] * 3)
    assert "--thousands comma" in asked(path)


@pytest.mark.parametrize(
    ("cell", "decides", "value"),
    [
        ("10,012", "9,986.5", 10_012.0),
        ("10,012", "1,010,012", 10_012.0),
        ("10,012", "9986.5", 10_012.0),
        ("10,012", "9986,5", 10.012),
        ("10,012", "0,123", 10.012),
        ("10,012", "10012,125", 10.012),
        ("10.012", "9.986,5", 10_012.0),
        ("10.012", "1.010.012", 10_012.0),
        ("10.012", "9986.5", 10.012),
        ("10'012", "9'986.5", 10_012.0),
        ("10'012", "1'010'012", 10_012.0),
        ("10 012", "9 986,5", 10_012.0),
        ("10\u202f012", "9\u00a0986,5", 10_012.0),
        ("10\u2019012", "9986,5", 10_012.0),
        ("1,012", "12,34,567.5", 1_012.0),
    ],
)
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("chunk", [1, 20_000])
def test_one_cell_of_the_column_decides_for_all(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cell: str,
    decides: str,
    value: float,
    delimiter: str,
    chunk: int,
) -> None:
    monkeypatch.setattr("genepool.adapters.files.csv_table.CHUNK_ROWS", chunk)
    for order in ([cell, cell, decides], [decides, cell, cell]):
        path = table(tmp_path, delimiter, [(text,) * 4 for text in order])
        assert closes(path)[1] == value


@pytest.mark.parametrize(
    ("cell", "decides", "value"),
    [("10,012", "1,010,012", 10_012.0), ("10,012", "10,5", 10.012), ("10.012", "1.010,5", 10_012.0)],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_cell_in_row_50_000_decides_for_all(
    tmp_path: Path, cell: str, decides: str, value: float, kind: str
) -> None:
    prices = pd.Series([cell] * 52_000)
    prices[50_000] = decides
    stamps = 1_500_000_000 + 60 * np.arange(len(prices))
    held = pd.DataFrame({"time": stamps, **dict.fromkeys(("open", "high", "low", "close"), prices)})
    path = tmp_path / f"prices.{kind}"
    if kind == "csv":
        held.to_csv(path, sep="\t", index=False)
    else:
        held.to_parquet(path, index=False)
    assert closes(path)[::51_999] == [value, value]


def test_a_late_cell_that_contradicts_the_first_ones_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genepool.adapters.files.csv_table.CHUNK_ROWS", 100)
    rows = ["time;open;high;low;close", *(f"{1_500_000_000 + 60 * i};1,5;1,5;1,5;1,5" for i in range(600))]
    rows[500] = rows[500].replace("1,5", "1,010,012")
    (tmp_path / "prices.csv").write_text("\n".join(rows))
    assert "row 501: open is '1,010,012', where the comma stands before thousands, against row 2" in asked(
        tmp_path / "prices.csv"
    )


@pytest.mark.parametrize("step", [1 / 24, 0.25])
def test_days_of_a_spreadsheet_may_begin_with_a_midnight_that_shows_no_comma(
    tmp_path: Path, step: float
) -> None:
    days = [f"{45_000 + i * step:.10f}".rstrip("0").rstrip(".").replace(".", ",") for i in range(100)]
    path = tmp_path / "prices.csv"
    path.write_text("time;open;high;low;close\n" + "\n".join(f"{day};1,5;1,5;1,5;1,5" for day in days))
    stamps = read_candles(path, ReadingOptions())[0].stamps
    assert (str(stamps[0].astype("datetime64[ns]"))[:13], len(stamps)) == ("2023-03-15T00", 100)
    assert set(np.diff(stamps)) == {round(step * 24) * 3_600 * 10**9}


def test_another_column_decides_where_the_prices_do_not(tmp_path: Path) -> None:
    path = table(tmp_path, "\t", [("10,012",) * 4 + ("1413.5",)] * 3)
    assert closes(path) == [10_012.0] * 3
    path = table(tmp_path, "\t", [("10,012",) * 4 + ("1.234.567",)] * 3)
    assert closes(path) == [10.012] * 3


def test_prices_and_volume_may_be_written_each_in_its_own_way(tmp_path: Path) -> None:
    raw, _ = read_candles(table(tmp_path, ";", [("1.0721",) * 4 + ("1.234.567",)] * 3), ReadingOptions())
    assert raw.close[0] == 1.0721
    assert raw.volume is not None
    assert raw.volume[0] == 1_234_567


@pytest.mark.parametrize(
    ("delimiter", "headers"),
    [(",", "date open high low close"), ("\t", "<DATE> <OPEN> <HIGH> <LOW> <CLOSE>")],
)
def test_yen_with_three_decimals_needs_no_flag_in_what_programs_write(
    tmp_path: Path, delimiter: str, headers: str
) -> None:
    path = table(tmp_path, delimiter, [("149.123", "149.500", "148.900", "149.200")] * 3, headers)
    assert closes(path) == [149.2] * 3


def test_two_ways_in_one_column_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path, ";", [("1,5",) * 4, ("1.5",) * 4])
    assert "row 3: open is '1.5'" in asked(path)
    assert "row 2" in asked(path)


def test_what_the_user_says_of_a_mark_is_held_against_the_cells(tmp_path: Path) -> None:
    path = table(tmp_path, ";", [("1,5",) * 4] * 2)
    with pytest.raises(InvalidCandles, match="against what you said"):
        closes(path, thousands=",")


def test_investing_com() -> None:
    raw, _ = read_candles(CASES / "investing_com.csv", ReadingOptions(columns={"close": "Price"}))
    assert (raw.open[0], raw.high[0], raw.low[0], raw.close[0]) == (29_475.9, 29_587.2, 28_927.8, 29_068.9)
    assert raw.volume is not None
    assert (raw.volume[0], raw.volume[-1]) == (95_350, 503_900)


def test_nasdaq_com() -> None:
    options = ImportOptions(reading=ReadingOptions(columns={"close": "Close/Last"}))
    data = import_file(CASES / "nasdaq_com.csv", options)
    assert data.candles.close[-1] == 3913.1
    assert data.candles.volume is None
    assert "no cell of the volume column holds a number: it was left out" in data.provenance.repairs


def test_nasdaq_com_dollars() -> None:
    raw, _ = read_candles(CASES / "nasdaq_com_dollars.csv", ReadingOptions(columns={"close": "Close/Last"}))
    assert (raw.open[0], raw.high[0], raw.low[0], raw.close[0]) == (797.80, 807.14, 796.15, 806.19)
    assert raw.volume is not None
    assert raw.volume[0] == 2_175_400


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("95.35K", 95_350.0),
        ("1.2M", 1_200_000.0),
        ("3B", 3e9),
        ("1.005T", 1.005e12),
        ("121.63k", 121_630.0),
        ("2.5bn", 2.5e9),
        ("$1,234.50", 1_234.5),
        ("€ 12,5", 12.5),
        ("12.5 \u20ac", 12.5),
        ("US$5", 5.0),
        ("\u20b91,23,456.50", 123_456.5),
        ("(1.5)", -1.5),
        ("-$3.5", -3.5),
        ("$-3.5", -3.5),
        ("\u22121.5", -1.5),
        ("+7", 7.0),
        ('="1.5"', 1.5),
        ("'1.5", 1.5),
        ('"1.5"', 1.5),
        ("1.5e-05", 1.5e-05),
        (" 7 ", 7.0),
        ("5.", 5.0),
        (".5", 0.5),
    ],
)
def test_signs_around_numbers_are_understood(text: str, value: float) -> None:
    cell = number_cell(text)
    assert cell is not None
    assert cell.value == value


@pytest.mark.parametrize(
    "text", ["", "-", "--", "\u2014", "null", "None", "NaN", "N/A", "#N/A", ".", "#DIV/0!"]
)
def test_what_sources_write_for_no_value_is_none(text: str) -> None:
    cell = number_cell(text)
    assert cell is not None
    assert np.isnan(cell.value)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1_000",
        "1.5%",
        "1,2,3",
        "1.2.3",
        "12'16",
        "1,23.45.6",
        "0x1F",
        "1..5",
        "True",
        "5KM",
        "--5",
        "$",
        "2024-01-01",
        "12:30",
        "1e99999999",
        "K",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_cell(text) is None


def test_a_share_is_understood_where_rates_stand() -> None:
    cell = number_cell("0.0100%", percent=True)
    assert cell is not None
    assert cell.value == 0.0001


def test_row_of_commas() -> None:
    data = import_file(CASES / "row_of_commas.csv", ImportOptions(rules=CandleRules()))
    assert len(data.candles) == 39
    assert data.candles.close[-1] == 1.07142


def test_a_time_with_a_decimal_comma_is_read_as_one_with_a_point(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = "".join(f"{1571302800 + 3600 * i},500;1,5;2,5;1,0;1,75\n" for i in range(3))
    path.write_text("date;open;high;low;close\n" + rows)
    raw, _ = read_candles(path, ReadingOptions())
    assert raw.stamps[0] == 1_571_302_800_500_000_000
    assert raw.close[0] == 1.75
