"""Lines of a CSV that are no candles: remarks among them, and totals or names of sources below them."""

from pathlib import Path

import pytest

from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles
from genepool.market.raw_columns import RawColumns

HEADER = "time,open,high,low,close,volume\n"
ROWS = "".join(f"2019-10-17 {hour:02d}:00,1.5,2,1,1.75,10\n" for hour in range(9, 13))


def read(folder: Path, text: str) -> tuple[RawColumns, Understood]:
    path = folder / "prices.csv"
    path.write_text(text)
    return read_candles(path, ReadingOptions())


@pytest.mark.parametrize(
    "footer",
    [
        "Data provided by Example",
        '"Data provided by Example, all rights reserved"',
        '"Downloaded from Barchart.com as of 01-02-2024 03:22pm CST"',
        "Total,,,,,300",
        "Total,123",
        "Downloaded on 2024-01-01",
        "Downloaded on,2024-01-01",
        "300 rows",
        "120 records exported,,,,,",
        "1. Source: Example",
        "2024-01-01 Downloaded from Example",
        "(300 rows affected)",
        "END",
        "\x1a",
        "\nSource: Example\nhttps://www.example.com/",
    ],
)
def test_lines_below_the_last_candle_are_left_out_and_said(tmp_path: Path, footer: str) -> None:
    raw, understood = read(tmp_path, f"{HEADER}{ROWS}{footer}\n")

    assert len(raw.stamps) == 4
    assert any("lines below the last candle" in note for note in understood.notes)


@pytest.mark.parametrize(
    "row",
    [
        "Data,1,2,1,1.5,10",
        "Total,1,2,3,4",
        "null,,,,,",
        "17 Oct 2019 13:00 EST,1.5",
    ],
)
def test_a_last_row_that_may_have_been_a_candle_is_not_left_out(tmp_path: Path, row: str) -> None:
    with pytest.raises(InvalidCandles, match="row 6"):
        read(tmp_path, f"{HEADER}{ROWS}{row}\n")


@pytest.mark.parametrize("failed", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#N/A N/A"])
@pytest.mark.parametrize("place", [0, 3])
def test_a_failed_formula_in_place_of_a_time_is_no_remark(tmp_path: Path, failed: str, place: int) -> None:
    rows = ROWS.splitlines(keepends=True)
    rows[place] = f"{failed},1.5,2,1,1.75,10\n"

    with pytest.raises(InvalidCandles, match=f"row {place + 2}: '{failed}' cannot be read as a time"):
        read(tmp_path, HEADER + "".join(rows))


def test_remarks_are_passed_over_wherever_the_time_stands(tmp_path: Path) -> None:
    rows = [f"BTC,{row}\n" for row in ROWS.splitlines()]

    raw, _ = read(tmp_path, "symbol," + HEADER + rows[0] + "# a pause\n" + "".join(rows[1:]))

    assert len(raw.stamps) == 4


def test_shares_whose_names_begin_as_remarks_do_are_read(tmp_path: Path) -> None:
    rows = [f"#AAPL,{row}\n" for row in ROWS.splitlines()]

    raw, understood = read(tmp_path, "ticker," + HEADER + "".join(rows))

    assert len(raw.stamps) == 4
    assert understood.market == {"ticker": "#AAPL"}


@pytest.mark.parametrize("row", ["2019-10-17 13:00", "2019-10-17 13:00,,,,,"])
def test_a_last_row_with_a_time_alone_stays_a_row(tmp_path: Path, row: str) -> None:
    raw, _ = read(tmp_path, f"{HEADER}{ROWS}{row}\n")

    assert len(raw.stamps) == 5
