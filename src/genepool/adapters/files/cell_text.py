"""Cells of any type as text, and as numbers."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genepool.adapters.files.cell_bytes import is_trimmed, texts_of


def text_of(cells: pd.Series) -> pd.Series:
    """Return cells as text without spaces around, '' where there is nothing."""
    if isinstance(cells.dtype, pd.StringDtype) and _is_trimmed(cells):
        return cells.astype(str)
    if cells.dtype == object:
        cells = cells.map(lambda cell: cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell)
    return cells.astype(str).where(cells.notna(), "").str.strip()


def _is_trimmed(cells: pd.Series) -> bool:
    try:
        return is_trimmed(texts_of(cells))
    except (pa.ArrowException, UnicodeError):
        return False


def numbers_of(cells: pd.Series) -> pd.Series:
    """Return cells as numbers: NaN where one is none, such as a bool or a time."""
    kind = cells.dtype
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        return pd.to_numeric(cells, errors="coerce")
    if not isinstance(kind, pd.StringDtype):
        return pd.to_numeric(text_of(cells), errors="coerce")
    try:
        # Several times faster than pandas, and as exact, where all cells are written as numbers usually are.
        text = texts_of(cells)
        fractions = bool(len(text)) and pc.any(pc.match_substring(text, ".")).as_py()
        numbers = text.cast(pa.float64() if fractions else pa.int64()).to_numpy(zero_copy_only=True)
    except pa.ArrowException:
        return pd.to_numeric(cells, errors="coerce")
    return pd.Series(numbers, index=cells.index)
