"""Plain rows are parsed by Arrow, others by pandas; a reader cannot tell from the rows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files import plain_rows
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.adapters.files.written_times import written_times
from genepool.errors import InvalidCandles
from genepool.market.raw_columns import RawColumns

ROWS = [
    f"2024-01-{1 + k // 24:02} {k % 24:02}:00:00,{100 + k},{109 + k},{90 + k},{101 + k},5" for k in range(200)
]
ODD = {
    "remark": "# a remark",
    "blank": "",
    "quote": ROWS[100].replace("200,", '"200",'),
    "indent": ROWS[100].replace(",", ", "),
    "short": ROWS[100].removesuffix(",5"),
    "commas": ",,,,,",
}


def nothing_plain(_rows: plain_rows.PlainRows, _positions: list[int]) -> Iterator[pd.DataFrame]:
    return iter(())


def read(folder: Path, rows: list[str], end: str = "\n") -> RawColumns:
    path = folder / "prices.csv"
    path.write_bytes(end.join(["date,open,high,low,close,volume", *rows]).encode())
    return read_candles(path, ReadingOptions())[0]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_rows, "_BLOCK", 1_000)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_know_their_lines_over_the_edges_of_blocks(tmp_path: Path, end: str) -> None:
    raw = read(tmp_path, ROWS, end)
    assert raw.rows.tolist() == list(range(2, 202))
    assert raw.open.tolist() == [100.0 + k for k in range(200)]


def quoted(row: str) -> str:
    return ",".join(f'"{cell}"' for cell in row.split(","))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "header", ["date,open,high,low,close,volume", quoted("date,open,high,low,close,volume")]
)
def test_quotes_around_cells_are_plain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, header: str
) -> None:
    path = tmp_path / "prices.csv"
    rows = [quoted(row).removesuffix('"5"') + '"5,000.5"' for row in ROWS]
    path.write_bytes(end.join([header, *rows]).encode())
    monkeypatch.setattr(pd, "read_csv", None)
    raw = read_candles(path, ReadingOptions())[0]
    assert raw.rows.tolist() == list(range(2, 202))
    assert raw.close.tolist() == [101.0 + k for k in range(200)]
    assert raw.volume is not None
    assert (raw.volume == 5_000.5).all()


@pytest.mark.parametrize(
    "cell",
    ['"5"""', '"5', '5"', '"5\n"', '""5', '" 5"', '"5" '],
    ids=["twice", "open", "stray", "line", "void", "blank", "behind"],
)
def test_a_quote_that_is_not_plain_is_read_as_pandas_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    rows = [*map(quoted, ROWS[:100]), ROWS[100].removesuffix("5") + cell, *ROWS[101:]]
    told: list[object] = []
    for block in (1_000, 0):
        monkeypatch.setattr(
            plain_rows.PlainRows, "chunks", nothing_plain if block == 0 else plain_rows.PlainRows.chunks
        )
        try:
            raw = read(tmp_path, rows)
            told.append((raw.rows.tolist(), raw.close.tolist(), str(raw.volume)))
        except InvalidCandles as error:
            told.append(str(error))
    assert told[0] == told[1]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_one_odd_row_changes_nothing_of_the_others(tmp_path: Path, odd: str) -> None:
    raw = read(tmp_path, [*ROWS[:100], ODD[odd], *ROWS[101:]])
    held = [k for k in range(200) if k != 100 or odd in {"quote", "indent", "short"}]
    assert raw.rows.tolist() == [k + 2 for k in held]
    assert raw.close.tolist() == [101.0 + k for k in held]


def test_a_row_that_is_too_wide_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidCandles, match=r"row 102: it has 8 cells where the header has 6"):
        read(tmp_path, [*ROWS[:100], ROWS[100] + ",7,8", *ROWS[101:]])


@pytest.mark.parametrize(
    ("pattern", "shape"),
    [
        ("ISO8601", "%Y-%m-%d %H:%M:%S"), ("ISO8601", "%Y-%m-%dT%H:%M"),
        ("ISO8601", "%Y-%m-%d %H:%M:%S+00:00"),
        ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M"), ("%Y%m%d %H%M%S", "%Y%m%d %H%M%S"), ("%m/%d/%Y %I:%M %p",) * 2,
        ("%b %d, %Y, %H:%M",) * 2, ("%Y-%m-%d %I-%p",) * 2,
    ],
)  # fmt: skip
def test_torn_stamps_are_what_pandas_reads(pattern: str, shape: str) -> None:
    text = pd.Series(
        pd.date_range("2023-12-30 21:07:03", periods=99, freq="37min").strftime(shape), dtype=str
    )
    text[50] = "soon"
    text[51] = text[51].replace(" ", "  ")
    text[52] = text[52].replace("2024", "9999").replace("2023", "9999")
    for cells in (text, text.drop([50, 51, 52])):
        wanted = pd.to_datetime(cells, format=pattern, errors="coerce", utc=True)
        read = written_times(cells, pattern)
        assert np.array_equal(read.isna(), wanted.isna())
        assert (read.dropna() == wanted.dropna()).all()
