"""Cells of any type as text, and as numbers."""

import pandas as pd


def text_of(cells: pd.Series) -> pd.Series:
    """Return cells as text without spaces around, '' where there is nothing."""
    if cells.dtype == object:
        cells = cells.map(lambda cell: cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell)
    return cells.astype(str).where(cells.notna(), "").str.strip()


def numbers_of(cells: pd.Series) -> pd.Series:
    """Return cells as numbers: NaN where one is none, such as a bool or a time."""
    kind = cells.dtype
    numeric = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    as_they_are = numeric or isinstance(kind, pd.StringDtype)
    return pd.to_numeric(cells if as_they_are else text_of(cells), errors="coerce")
