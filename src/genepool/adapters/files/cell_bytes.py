"""The bytes of cells of text, looked at where they lie: for all cells at once, and without copies of them."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from genepool.market.arrays import BoolArray, IntArray

Bytes: TypeAlias = npt.NDArray[np.uint8]
_LAST_OF_ASCII, _LAST_BLANK = 0x7F, 0x20
# Of a cell of which nothing shows whether its comma or point parts thousands or decimals, with a sign.
_SHORTEST, _LONGEST = len("1.000"), len("-100.000")


def texts_of(cells: pd.Series) -> pa.LargeStringArray:
    """Return cells as Arrow holds text, in one piece.

    Raises
    ------
    pa.ArrowException, UnicodeError
        When one of them is no text.
    """
    held = pa.array(cells, type=pa.large_string(), from_pandas=True)
    return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held


def held_bytes(cells: pa.LargeStringArray) -> tuple[IntArray, Bytes]:
    """Return where each cell begins and the last one ends, shape (n + 1,), and the bytes these count in."""
    _, starts, data = cells.buffers()
    places = np.frombuffer(starts, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    return places, np.frombuffer(data if data is not None else b"", dtype=np.uint8)


def byte_grid(cells: pa.LargeStringArray) -> Bytes | None:
    """Return one row of bytes for each cell; None where cells are absent, of two lengths or beyond ASCII."""
    if cells.null_count or not len(cells):
        return None
    places, data = held_bytes(cells)
    lengths = np.diff(places)
    if not lengths[0] or (lengths != lengths[0]).any():
        return None
    held = data[places[0] : places[-1]]
    return held.reshape(len(cells), -1) if held.max() <= _LAST_OF_ASCII else None


def distinct_cells(grid: Bytes) -> tuple[IntArray, pd.Series]:
    """Return which distinct cell each row of a grid is, and these as text, indexed by their first rows."""
    count, width = grid.shape
    held = pa.py_buffer(np.ascontiguousarray(grid))
    coded = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, held]).dictionary_encode()
    codes = coded.indices.to_numpy().astype(np.int64)
    first = np.empty(len(coded.dictionary), dtype=np.int64)
    # Of what is written to one place, the last stays.
    first[codes[::-1]] = np.arange(count - 1, -1, -1)
    texts = coded.dictionary.cast(pa.large_binary()).cast(pa.large_string())
    return codes, pd.Series(texts.to_pandas(), dtype=str).set_axis(first)


def is_trimmed(cells: pa.LargeStringArray) -> bool:
    """Say whether certainly no cell is absent or empty, or has a blank at its beginning or end."""
    places, data = held_bytes(cells)
    if cells.null_count or not (np.diff(places) > 0).all():
        return False
    # Blanks beyond ASCII are left to the code that knows them.
    ends = (data[places[:-1]], data[places[1:] - 1])
    return all(((end > _LAST_BLANK) & (end <= _LAST_OF_ASCII)).all() for end in ends)


def undecided_cells(cells: pa.LargeStringArray) -> BoolArray:
    """Say which cells are one to three digits, the first no 0, a comma or point, and three digits."""
    places, data = held_bytes(cells)
    begin, end = places[:-1], places[1:]
    rows = np.flatnonzero((end - begin >= _SHORTEST) & (end - begin <= _LONGEST))
    rows = rows[_is_one_of(data[end[rows] - 4], ",.")]
    first, mark = begin[rows], end[rows] - 4
    first = first + _is_one_of(data[first], "+-")
    fits = (data[first] >= ord("1")) & (mark - first <= 3)  # noqa: PLR2004 - digits before the mark
    for place in (first, np.minimum(first + 1, mark - 1), mark - 1, mark + 1, mark + 2, mark + 3):
        fits &= (data[place] >= ord("0")) & (data[place] <= ord("9"))
    undecided = np.zeros(len(cells), dtype=np.bool_)
    undecided[rows[fits]] = True
    if cells.null_count:
        undecided &= np.asarray(cells.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
    return undecided


def _is_one_of(signs: Bytes, wanted: str) -> BoolArray:
    return np.asarray((signs == ord(wanted[0])) | (signs == ord(wanted[1])), dtype=np.bool_)


def with_mark(cells: pa.LargeStringArray, mark: str, instead: str) -> pa.LargeStringArray | None:
    """Return cells with one sign in the place of another; None where the new one stands in them already."""
    places, data = held_bytes(cells)
    held = data[places[0] : places[-1]]
    if (held == ord(instead)).any():
        return None
    changed = np.where(held == ord(mark), np.uint8(ord(instead)), held)
    starts = pa.py_buffer(places - places[0])
    absent = cells.is_valid().buffers()[1] if cells.null_count else None
    return pa.LargeStringArray.from_buffers(len(cells), starts, pa.py_buffer(changed), absent)
