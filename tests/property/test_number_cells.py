"""Whatever cells hold, they are numbers, no value, or one refusal; what is written comes back to the bit."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.number_cells import number_cell
from genepool.adapters.files.number_marks import told
from genepool.adapters.files.numbers import NumberReader
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules

ODD = st.sampled_from(
    (
        *("", "-", "--", "null", "NaN", "nan", "inf", "-inf", "1e999", "-1", "0", "$", "%", "1,2,3", "1.2.3"),
        *("KM", "1,234", "1.234", "1'234", "1 234", "12'16", "(", "()", "(5)", "=", '="5"', "\ud800", "\x00"),
        *("\u0661\u0662", "1_0", "1,234.5", "1.234,5", "5K", "5%", "9" * 400, "0x1", "True", "2024-01-01"),
        *("1:2", "4/0", "\u20ac5", "+-1"),
    )
)
SIGNS = st.text(alphabet="0123456789.,' -+()$%KMBeE\u00a0\u202f\"=:/", max_size=12)
CELLS = st.one_of(ODD, SIGNS, st.text(max_size=8), st.floats().map(str), st.integers().map(str))
# What Parquet, feather and JSON may hold beside text.
VALUES = st.one_of(
    CELLS, st.none(), st.floats(), st.booleans(), st.integers(), st.dates(), st.binary(max_size=3)
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(text=CELLS, percent=st.booleans())
def test_any_text_is_a_number_or_none(text: str, percent: bool) -> None:
    cell = number_cell(text, percent)
    assert cell is None or isinstance(cell.value, float)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    chunks=st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=3), machine=st.booleans()
)
def test_any_column_is_read_or_refused_in_one_sentence(chunks: list[list[object]], machine: bool) -> None:
    reader = NumberReader("f.csv", told("", ""), machine)
    try:
        parts = [reader.read("open", pd.Series(cells, dtype=object)) for cells in chunks]
        column = pd.concat([pd.Series(part) for part in parts]).to_numpy(copy=True)
        reader.settle({"open": column})
    except InvalidCandles as error:
        assert str(error).startswith("f.csv, row ")  # noqa: PT017 - either way is right
        assert "\n" not in str(error)  # noqa: PT017 - as above
    else:
        assert len(column) == sum(map(len, chunks))


@settings(derandomize=True, deadline=None, max_examples=120)
@given(
    cells=st.lists(CELLS, min_size=6, max_size=6),
    row=st.integers(0, 3),
    repair=st.booleans(),
    header=st.sampled_from(["volume", "funding", "splits"]),
    mark=st.sampled_from([",", ";", "\t"]),
)
def test_any_row_in_a_file_is_read_or_refused(
    cells: list[str], row: int, repair: bool, header: str, mark: str
) -> None:
    lines = [["time", "open", "high", "low", "close", header]]
    lines += [[f"2024-01-0{day}", "10.25", "11.5", "9.5", "10.5", "1"] for day in range(1, 6)]
    lines[row + 1][1:] = [cell.replace('"', '""') for cell in cells[:5]]
    text = "\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines)
    rules = CandleRules(repair=repair, allow_zero_volume=True, splits=header == "splits")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.csv"
        path.write_bytes(text.encode("utf-8", "replace"))
        try:
            data = import_file(path, ImportOptions(rules=rules))
        except InvalidCandles as error:
            assert "\n" not in str(error)  # noqa: PT017 - either way is right
        else:
            assert (data.candles.low > 0).all()
            assert (data.candles.high >= data.candles.low).all()


def written(value: float, thousands: str, decimal: str) -> str:
    text = f"{value:,.3f}".replace(",", "T").replace(".", decimal)
    return text.replace("T", thousands)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    thousands_of_it=st.lists(st.integers(1, 10**10), min_size=2, max_size=12),
    style=st.sampled_from([(",", "."), (".", ","), ("'", "."), (" ", ","), ("", "."), ("", ",")]),
    chunk=st.integers(1, 5),
)
def test_any_way_to_write_numbers_is_read_to_the_bit(
    thousands_of_it: list[int], style: tuple[str, str], chunk: int
) -> None:
    # The last one holds both marks, or more digits than a group: it decides for all.
    values = [*(number / 1_000 for number in thousands_of_it), 1234.5]
    cells = pd.Series([written(value, *style) for value in values])
    reader = NumberReader("f.csv", told("", ""), machine_made=False)
    parts = [reader.read("close", cells.iloc[i : i + chunk]) for i in range(0, len(cells), chunk)]
    column = pd.concat([pd.Series(part) for part in parts]).to_numpy(copy=True)
    reader.settle({"close": column})
    assert column.tolist() == values


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    numbers=st.lists(st.integers(1_000, 999_999), min_size=1, max_size=8),
    mark=st.sampled_from([",", ".", "'", " "]),
    meaning=st.sampled_from(["decimal", "thousands"]),
)
def test_where_nothing_decides_the_user_is_asked_and_the_answer_counts(
    numbers: list[int], mark: str, meaning: str
) -> None:
    cells = pd.Series([f"{number:,}".replace(",", mark) for number in numbers])
    reader = NumberReader("f.csv", told("", ""), machine_made=False)
    column = reader.read("low", cells).copy()
    with pytest.raises(InvalidCandles, match="--thousands"):
        reader.settle({"low": column})
    meaning = meaning if mark in ".," else "thousands"
    said = told(mark, "") if meaning == "decimal" else told("", mark)
    reader = NumberReader("f.csv", said, machine_made=False)
    column = reader.read("low", cells).copy()
    reader.settle({"low": column})
    assert column.tolist() == [number / (1_000 if meaning == "decimal" else 1) for number in numbers]
