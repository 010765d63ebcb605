"""Written times in a known format: a day and a time of day are read once, however often they stand."""

import re
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genepool.adapters.files.cell_bytes import byte_grid, distinct_cells, texts_of
from genepool.market.candles import IntArray

# A date without a blank, a mark, a time of day; parts that belong together are never torn.
_TWO_PARTS = re.compile(r"^(?P<date>(?:%[dmYyb]|[./-])+)(?P<mark>[ T])(?P<clock>(?:%[HMSfIp]|[:. -])+)$")
_ISO = "ISO8601"
# Which of the distinct cells each one is, and these.
Distinct: TypeAlias = tuple[IntArray, pd.Series]
_ISO_CLOCKS = {16: "%H:%M", 19: "%H:%M:%S"}
# Which numpy takes for "not a time".
_NOT_A_TIME = np.iinfo(np.int64).min


def written_times(text: pd.Series, pattern: str) -> pd.Series:
    """Return what ``pandas.to_datetime`` makes of a format, in UTC, NaT for what does not fit it.

    Raises
    ------
    ValueError
        When it is no strptime format.
    """
    torn = _torn(text, pattern)
    if torn is None:
        return _parsed(text, pattern)
    (dates, date), (clocks, clock) = torn
    days, times = _once_each(dates, date), _once_each(clocks, f"%Y-%m-%d {clock}", "1970-01-01 ")
    odd = (days == _NOT_A_TIME) | (times == _NOT_A_TIME)
    stamps = np.where(odd, _NOT_A_TIME, days + np.where(odd, 0, times)).view("datetime64[us]")
    read = pd.Series(pd.DatetimeIndex(stamps).tz_localize("UTC"), index=text.index)
    if odd.any():
        # Pandas bears what is not torn here, such as two blanks between date and time.
        read[odd] = _parsed(text[odd], pattern)
    return read


def _torn(text: pd.Series, pattern: str) -> tuple[tuple[Distinct, str], tuple[Distinct, str]] | None:
    """Return dates and times of day with their formats, where all cells have the mark in one place."""
    parts = _TWO_PARTS.match(_iso_format(str(text.iloc[0])) if pattern == _ISO else pattern)
    if parts is None:
        return None
    cells = texts_of(text)
    where = str(text.iloc[0]).find(parts["mark"])
    halves = None if where < 0 or cells.null_count else _halves(cells, parts["mark"], where)
    return None if halves is None else ((halves[0], parts["date"]), (halves[1], parts["clock"]))


def _halves(cells: pa.LargeStringArray, mark: str, where: int) -> tuple[Distinct, Distinct] | None:
    """Return what stands before and behind a mark; None unless every cell has it there."""
    grid = byte_grid(cells)
    if grid is not None and 0 < where < grid.shape[1] - 1:
        alike = bool((grid[:, where] == ord(mark)).all())
        return (distinct_cells(grid[:, :where]), distinct_cells(grid[:, where + 1 :])) if alike else None
    if not pc.all(pc.equal(pc.utf8_slice_codeunits(cells, where, where + 1), mark)).as_py():
        return None
    before, behind = pc.utf8_slice_codeunits(cells, 0, where), pc.utf8_slice_codeunits(cells, where + 1)
    return _distinct(before), _distinct(behind)


def _distinct(cells: pa.LargeStringArray) -> Distinct:
    coded = cells.dictionary_encode()
    return coded.indices.to_numpy(), pd.Series(coded.dictionary.to_pandas(), dtype=str)


def _iso_format(example: str) -> str:
    return f"%Y-%m-%d{example[10:11]}{_ISO_CLOCKS.get(len(example), '')}"


def _once_each(cells: Distinct, pattern: str, before: str = "") -> IntArray:
    """Return microseconds since 1970, each distinct cell parsed once."""
    codes, texts = cells
    parsed = _parsed(before + texts, pattern)
    values = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[us]").view(np.int64)
    return np.asarray(values[codes])


def _parsed(text: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(text, format=pattern, errors="coerce", utc=True)
