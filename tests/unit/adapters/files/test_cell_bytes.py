"""Cells looked at as bytes, all at once, say what a look at each of them says."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.adapters.files.cell_bytes import (
    byte_grid,
    distinct_cells,
    is_trimmed,
    texts_of,
    undecided_cells,
    with_mark,
)
from genepool.adapters.files.cell_text import numbers_of, text_of

# What sets numbers apart, and what may be mistaken for it.
CELLS = st.lists(st.none() | st.text("019.,+- é", max_size=9), min_size=1, max_size=12)
WORDS = st.lists(st.none() | st.text("a b\t\u00a0é", max_size=3), min_size=1, max_size=6)


def arrow(cells: Sequence[str | None]) -> pa.LargeStringArray:
    """Return cells that do not begin where their bytes do."""
    return pa.array(["before", *cells, "behind"], type=pa.large_string()).slice(1, len(cells))


@given(CELLS)
def test_undecided_cells_are_those_of_the_pattern(cells: list[str | None]) -> None:
    pattern = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
    wanted = [cell is not None and pattern.fullmatch(cell) is not None for cell in cells]
    assert undecided_cells(arrow(cells)).tolist() == wanted


@pytest.mark.parametrize("cell", ["1.000", "-999,123", "+10.050"])
def test_a_mark_before_three_digits_leaves_its_meaning_open(cell: str) -> None:
    assert undecided_cells(arrow([cell, "0.123", "1.0000", "1000.123", ".123", "1.12e"])).tolist() == [
        True, False, False, False, False, False,
    ]  # fmt: skip


@given(CELLS)
def test_a_mark_changes_places_with_one_that_no_cell_holds(cells: list[str | None]) -> None:
    changed = with_mark(arrow(cells), ",", ".")
    held = any("." in cell for cell in cells if cell)
    wanted = [cell if cell is None else cell.replace(",", ".") for cell in cells]
    assert changed is None if held else changed is not None and changed.to_pylist() == wanted


@given(WORDS)
def test_trimmed_text_is_left_as_it_is(cells: list[str | None]) -> None:
    series = pd.Series(cells, dtype="str")
    wanted = [(cell or "").strip() for cell in cells]
    assert text_of(series).tolist() == wanted
    if is_trimmed(texts_of(series)):
        assert [cell for cell in cells if cell] == wanted


def test_only_cells_of_one_length_and_of_ascii_are_a_grid() -> None:
    assert [byte_grid(arrow(cells)) for cells in (["ab", "c"], ["ab", None], ["é", "é"], ["", ""], [])] == [
        None
    ] * 5
    grid = byte_grid(arrow(["ab", "cd"]))
    assert grid is not None
    assert grid.tobytes() == b"abcd"


def test_distinct_cells_are_known_by_the_rows_where_they_stand_first() -> None:
    grid = byte_grid(arrow(["b", "a", "b", "c"]))
    assert grid is not None
    codes, texts = distinct_cells(grid)
    assert texts.to_dict() == {0: "b", 1: "a", 3: "c"}
    assert texts.to_numpy()[codes].tolist() == ["b", "a", "b", "c"]


def test_text_in_several_pieces_is_one() -> None:
    pieces = pd.concat([pd.Series(["a"], dtype="str"), pd.Series(["b"], dtype="str")])
    assert texts_of(pieces).to_pylist() == ["a", "b"]


@pytest.mark.parametrize("cells", [["1", "2"], ["1577836800.25", "1"], ["1e3", "7"], ["", "x"], ["1.5", "x"]])
def test_numbers_are_what_pandas_makes_of_them(cells: list[str]) -> None:
    series = pd.Series(cells, dtype="str")
    wanted = pd.to_numeric(series, errors="coerce")
    assert np.array_equal(numbers_of(series), wanted, equal_nan=True)
    assert numbers_of(series).dtype.kind == wanted.dtype.kind
