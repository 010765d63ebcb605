"""Whether the cells of a column are points in time, dates, times of day, or none of these."""

from enum import StrEnum

import numpy as np
import pandas as pd

from genepool.adapters.files.cell_text import numbers_of, text_of
from genepool.adapters.files.stamp_numbers import are_clocks, fitting_forms
from genepool.adapters.files.steadiness import DAY, UNREADABLE
from genepool.adapters.files.time_formats import formats_of, has_clock, is_clock
from genepool.market.candles import IntArray

_SAMPLE = 200
# Years of which 64 bits of nanoseconds hold only a part.
_BEFORE, _BEYOND = 1677, 2262


class CellKind(StrEnum):
    """What a column of cells says about time."""

    INSTANT = "instant"
    DATE = "date"
    CLOCK = "clock"
    OTHER = "other"


def cell_kind(cells: pd.Series) -> CellKind:
    """Return what most of the first cells are; dates that all carry midnight are dates."""
    held = cells.dropna().iloc[:_SAMPLE]
    if pd.api.types.is_datetime64_any_dtype(held.dtype):
        return _dated(_nanoseconds(pd.DatetimeIndex(held))) if len(held) else CellKind.OTHER
    text = text_of(held)
    text = text[text != ""]
    if not len(text) or pd.api.types.is_bool_dtype(cells.dtype):
        return CellKind.OTHER
    numbers = numbers_of(text)
    finite = np.isfinite(numbers.to_numpy(np.float64))
    if 2 * np.count_nonzero(finite) >= len(text):
        return _kind_of_numbers(text[finite], numbers[finite])
    return _kind_of_text(text)


def may_be_clock(cells: pd.Series) -> bool:
    """Say whether the first cells may all be times of day, of digits alone or not."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype) or pd.api.types.is_bool_dtype(cells.dtype):
        return False
    text = cells.dropna().iloc[:_SAMPLE].astype(str).str.strip()
    text = text[text != ""]
    numbers = pd.to_numeric(text, errors="coerce")
    if len(text) and np.isfinite(numbers.to_numpy(np.float64)).all():
        return are_clocks(text, numbers)
    return bool(len(text)) and 2 * int(text.map(is_clock).sum()) >= len(text)


def _kind_of_numbers(text: pd.Series, numbers: pd.Series) -> CellKind:
    forms = fitting_forms(text, numbers)
    if forms:
        kinds = {_dated(stamps[stamps != UNREADABLE]) for stamps in forms.values()}
        return CellKind.DATE if CellKind.DATE in kinds else CellKind.INSTANT
    return CellKind.CLOCK if are_clocks(text, numbers) else CellKind.OTHER


def _kind_of_text(text: pd.Series) -> CellKind:
    if 2 * text.map(is_clock).sum() >= len(text):
        return CellKind.CLOCK
    iso = pd.DatetimeIndex(pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)).dropna()
    if 2 * len(iso) >= len(text):
        # Times below days at midnight in another zone are dates too.
        return _dated(_nanoseconds(iso)) if text.str.len().median() > 10 else CellKind.DATE  # noqa: PLR2004
    patterns = list(formats_of(text.iloc[len(text) // 2]))
    if not patterns:
        return CellKind.OTHER
    return CellKind.INSTANT if has_clock(patterns[0]) else CellKind.DATE


def _nanoseconds(times: pd.DatetimeIndex) -> IntArray:
    """Return the times that 64 bits hold; a cell may name the year 0."""
    held = times[(times.year > _BEFORE) & (times.year < _BEYOND)]
    return np.asarray(held.as_unit("ns").asi8, dtype=np.int64)


def _dated(stamps: IntArray) -> CellKind:
    return CellKind.INSTANT if (stamps % DAY).any() else CellKind.DATE
