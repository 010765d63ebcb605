"""Cells as float64, to the last bit of what was written."""

import numpy as np
import pandas as pd
import pyarrow as pa

from genepool.adapters.files.tables import shown
from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray


def numbers(source: str, role: str, cells: pd.Series) -> FloatArray:
    """Return a chunk of one column as numbers; an empty cell is NaN, which no rule lets pass.

    Parameters
    ----------
    source, role
        Name of the file and of the column, for messages.
    cells
        Text or numbers, indexed by their rows.

    Raises
    ------
    InvalidCandles
        When a cell is no number.
    """
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        return np.ascontiguousarray(cells, dtype=np.float64)
    try:
        # Arrow rounds correctly; what pandas does with the last bit depends on its version.
        column = pa.array(cells, type=pa.large_string(), from_pandas=True).cast(pa.float64())
    except pa.ArrowException:
        return _one_by_one(source, role, cells)
    return np.ascontiguousarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _one_by_one(source: str, role: str, cells: pd.Series) -> FloatArray:
    """Convert what Arrow is too strict for, such as spaces after a number, and name the first bad row."""
    converted = np.full(len(cells), np.nan)
    for i, (row, cell) in enumerate(cells.items()):
        try:
            converted[i] = np.nan if pd.isna(cell) is True else float(_plain(str(cell)))
        except ValueError:
            raise InvalidCandles(
                f"{source}, row {row}: {role} is {shown(cell)}, which is no number: correct it, or name the "
                f"column with --column {role}=HEADER"
            ) from None
    return converted


def _plain(text: str) -> str:
    # Python takes 1_000 for a number; no file of candles means that.
    return text.replace("_", "?")
