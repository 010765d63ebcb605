"""Whatever stands in a cell of the times, a file is read or refused in one sentence: never a traceback."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import ConfigError, DataError

USUAL = [
    "",
    " ",
    "nan",
    "NaT",
    "null",
    "None",
    "--",
    "USD",
    "0",
    "-1",
    "1e400",
    "inf",
    "True",
    "24:00",
    "1,5",
]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='",'), max_size=20)
CELLS = st.one_of(
    st.sampled_from(USUAL),
    TEXT,
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.datetimes().map(str),
    st.dates().map(str),
)
# What the other cells of the column hold, by row.
FORMS = st.sampled_from(
    [
        lambda i: f"2019-10-17 {i:02d}:00",
        lambda i: f"17.10.2019 {i:02d}:00:00.000",
        lambda i: str(1_571_270_400 + 3_600 * i),
        lambda i: str(1_571_270_400_000 + 3_600_000 * i),
        lambda i: f"20191017{i:02d}00",
        lambda i: f"191{i % 12 + 101}",
        lambda i: str(43_000 + i),
        lambda i: f"2019-10-17T{i:02d}:00:00+02:00",
        lambda i: f"{i + 1:02d}/10/2019",
    ]
)


def problem(path: Path) -> str:
    """Return the sentence with which a file is refused, or nothing."""
    try:
        import_file(path, ImportOptions())
    except (DataError, ConfigError) as error:
        return str(error)
    return ""


def assert_read_or_refused(path: Path) -> None:
    said = problem(path)
    assert "\n" not in said
    assert not said or path.name in said


@settings(derandomize=True, deadline=None, max_examples=60)
@given(form=FORMS, cell=CELLS, row=st.sampled_from([0, 1, 7, 19]), header=st.sampled_from(["time", "Date"]))
@example(form=str, cell="", row=0, header="time")
@example(form=lambda _: "", cell="", row=0, header="time")
@example(form=lambda _: "x", cell="", row=0, header="Date")
def test_any_cell_of_a_text_file(form: object, cell: str, row: int, header: str) -> None:
    assert callable(form)
    cells = [form(i) for i in range(20)]
    cells[row] = cell
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.csv"
        text = f"{header},open,high,low,close\n" + "".join(f'"{held}",1,2,1,2\n' for held in cells)
        path.write_text(text, encoding="utf-8")
        assert_read_or_refused(path)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(date=CELLS, clock=CELLS, row=st.sampled_from([0, 3]))
def test_any_cell_of_a_pair_of_columns(date: str, clock: str, row: int) -> None:
    cells = [("20191017", f"{i:02d}:00") for i in range(20)]
    cells[row] = (date, clock)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.csv"
        rows = "".join(f'"{day}","{time}",1,2,1,2\n' for day, time in cells)
        path.write_text(f"Date,Time,open,high,low,close\n{rows}", encoding="utf-8")
        assert_read_or_refused(path)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(
    stamps=st.one_of(
        st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=8),
        st.lists(st.one_of(st.none(), st.floats(width=64)), min_size=1, max_size=8),
        st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=8),
        st.lists(st.one_of(st.none(), TEXT), min_size=1, max_size=8),
        st.lists(st.one_of(st.none(), st.dates()), min_size=1, max_size=8),
        st.lists(st.one_of(st.none(), st.times()), min_size=1, max_size=8),
        st.lists(st.one_of(st.none(), st.binary(max_size=4)), min_size=1, max_size=8),
        st.lists(
            st.one_of(st.none(), st.timedeltas(timedelta(days=-100_000), timedelta(days=100_000))),
            min_size=1,
            max_size=8,
        ),
    )
)
@example(stamps=[None, 1_570_230_000_000, 1_570_233_600_000])
@example(stamps=[None, None])
def test_any_cell_of_a_parquet_file(stamps: list[object]) -> None:
    prices = dict.fromkeys(("open", "high", "low", "close"), [1.0] * len(stamps))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.parquet"
        pd.DataFrame({"time": stamps, **prices}).to_parquet(path)
        assert_read_or_refused(path)


@pytest.mark.parametrize("pattern", ["%Q", "%Y", "%", "seconds", "days", "nonsense", "%H:%M"])
def test_any_format_is_used_or_refused(tmp_path: Path, pattern: str) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("time,open,high,low,close\n2019-10-17,1,2,1,2\n2019-10-18,1,2,1,2\n")
    with pytest.raises((DataError, ConfigError)) as caught:
        import_file(path, ImportOptions(reading=ReadingOptions(time_format=pattern)))
    assert "\n" not in str(caught.value)
