"""Cells as float64, to the last bit of what was written; what their marks mean is settled at the end."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genepool.adapters.files.cell_bytes import texts_of, undecided_cells, with_mark
from genepool.adapters.files.number_cells import MARKS, NOTHING, number_cell
from genepool.adapters.files.number_marks import (
    DECIMAL,
    THOUSANDS,
    MarkEvidence,
    meaning_of,
    together,
)
from genepool.adapters.files.tables import shown
from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray
from genepool.market.raw_columns import BoolArray
from genepool.remedies import by_flag, by_hand, to_fill_in

_PRICES = ("open", "high", "low", "close")
_NUMBER_OF_DAYS = re.compile(r"^\s*[0-9]{5,}(,[0-9]+)?\s*$")
# The sign between thousands, and the one before decimals: cells that hold no others need no look at each.
_POINTS, _COMMAS = (",", "."), (".", ",")
_COMMON = (_POINTS, _COMMAS)
# Looked at before a chunk is read.
_FIRST_CELLS = 200


class NumberReader:
    """Reads the columns of numbers of one file.

    A comma, point, apostrophe or space that stands once, before exactly three digits, may part thousands
    or decimals. Such cells are held as decimals until all have been read; then what the others show
    decides, those of the same columns first.

    Parameters
    ----------
    source
        Name of the file, for messages.
    told
        Meaning by mark, as the user says it.
    machine_made
        Whether a point alone is taken for the sign before decimals: in files that no spreadsheet of a
        language with points between thousands writes.
    """

    def __init__(self, source: str, told: Mapping[str, str], machine_made: bool) -> None:
        self.source = source
        self.machine_made = machine_made
        self.told = dict(told)
        self.evidence: dict[str, MarkEvidence] = {}
        self._lengths: dict[str, int] = {}
        self._way: dict[str, tuple[str, str]] = {}
        self._undecided: dict[str, list[tuple[int, str, BoolArray]]] = {}
        self._first: dict[tuple[str, str], tuple[int, str, object]] = {}

    def read(self, role: str, cells: pd.Series) -> FloatArray:
        """Return a chunk of one column; an absent value is NaN.

        Parameters
        ----------
        role
            Name of the column.
        cells
            Text or numbers, indexed by their rows.

        Raises
        ------
        InvalidCandles
            When a cell is no number.
        """
        start = self._lengths.get(role, 0)
        self._lengths[role] = start + len(cells)
        if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
            return np.ascontiguousarray(cells.to_numpy(np.float64, na_value=np.nan))
        try:
            text = texts_of(cells)
        except (pa.ArrowException, UnicodeError):
            return self._one_by_one(role, cells, start)
        values = self._whole_chunk(role, cells, text, start)
        return self._one_by_one(role, cells, start) if values is None else values

    def settle(self, columns: Mapping[str, FloatArray]) -> None:
        """Give the undecided cells of all columns their values, in place.

        Raises
        ------
        InvalidCandles
            When nothing in the file decides what a mark means.
        """
        shared = together(self.evidence)
        for role, parts in self._undecided.items():
            for start, mark, mask in parts:
                if self._meaning(role, mark, shared) == THOUSANDS:
                    part = columns[role][start : start + len(mask)]
                    # At most six digits: the product is a whole number up to rounding.
                    part[mask] = np.rint(part[mask] * 1_000)

    def _meaning(self, role: str, mark: str, shared: Mapping[str, str]) -> str:
        own = self._group(role).meanings
        # Nobody pays a thousand times the notional.
        usual = DECIMAL if role == "funding" or self._point_alone(mark) else None
        meaning = meaning_of(mark, own) or meaning_of(mark, shared) or usual
        if meaning is None:
            raise self._undecidable(mark, *self._first[_group_of(role), mark])
        return meaning

    def _undecidable(self, mark: str, row: int, role: str, text: object) -> InvalidCandles:
        name, seen = MARKS[mark], f"{self.source}, row {row}: {role} is {shown(text)}"
        if mark not in ".,":
            return InvalidCandles(
                f"{seen}, and no other cell shows that the {name} parts thousands",
                by_flag("say so with", "--thousands", name),
            )
        return InvalidCandles(
            f"{seen}, and no cell of the file says whether the {name} parts thousands or decimals",
            *(by_flag("say it with", flag, name) for flag in ("--thousands", "--decimal")),
        )

    def _point_alone(self, mark: str) -> bool:
        return self.machine_made and mark == "." and all(seen == "." for _, seen in self._first)

    def _group(self, role: str) -> MarkEvidence:
        return self.evidence.setdefault(_group_of(role), MarkEvidence(self.source, dict(self.told)))

    def _whole_chunk(
        self, role: str, cells: pd.Series, text: pa.LargeStringArray, start: int
    ) -> FloatArray | None:
        """Return a chunk whose cells are all written in a common way; None if they are not."""
        # A cast that fails is slow, and hardly a column has commas in later cells only.
        plain = not pc.any(pc.match_substring(text.slice(0, _FIRST_CELLS), ",")).as_py()
        if plain and (values := _cast(text)) is not None:
            open_still = self._group(role).meanings.get(".") != DECIMAL
            if open_still and pc.any(pc.match_substring(text, ".")).as_py():
                self._note(role, cells, text, start, ("", "."))
            return values
        if self._way.get(role) == _COMMAS and self._group(role).meanings.get(",") == DECIMAL:
            values = _with_commas(text)
            if values is not None:
                return values
        text = pc.utf8_trim_whitespace(text)
        for thousands, decimal in sorted(_COMMON, key=lambda marks: marks != self._way.get(role)):
            if pc.all(pc.match_substring_regex(text, _written_with(thousands, decimal))).as_py():
                self._way[role] = (thousands, decimal)
                return self._in_one_way(role, cells, text, start)
        return None

    def _in_one_way(
        self, role: str, cells: pd.Series, text: pa.LargeStringArray, start: int
    ) -> FloatArray | None:
        thousands, decimal = self._way[role]
        whole = pc.replace_substring(pc.replace_substring(text, thousands, ""), decimal, ".")
        if self._group(role).meanings.get(decimal) == DECIMAL:
            return _cast(whole)
        self._note(role, cells, text, start, (thousands, decimal))
        undecided = pa.array(undecided_cells(text))
        return _cast(pc.if_else(undecided, pc.replace_substring(text, ",", "."), whole))

    def _note(
        self, role: str, cells: pd.Series, text: pa.LargeStringArray, start: int, marks: tuple[str, str]
    ) -> None:
        """Learn what a chunk shows of its marks, and which of its cells show nothing."""
        open_cells = undecided_cells(text)
        for mark, meaning in zip(marks, (THOUSANDS, DECIMAL), strict=True):
            if not mark:
                continue
            marked = _holding(text, mark)
            shown_by = np.flatnonzero(marked & ~open_cells)
            if len(shown_by):
                self._learn(role, cells, int(shown_by[0]), mark, meaning)
            self._hold(role, cells, start, mark, marked & open_cells)

    def _one_by_one(self, role: str, cells: pd.Series, start: int) -> FloatArray:
        """Read cells with currencies, powers of a thousand and the like, and name the first bad row."""
        values, undecided = np.full(len(cells), np.nan), np.full(len(cells), "", dtype="U1")
        for i, (row, cell) in enumerate(cells.items()):
            read = NOTHING if pd.isna(cell) is True else number_cell(str(cell), percent=role == "funding")
            if read is None:
                raise InvalidCandles(
                    f"{self.source}, row {row}: {role} is {shown(cell)}, which is no number",
                    by_hand("correct it"),
                    to_fill_in("name the column with", "--column", f"{role}=HEADER"),
                )
            values[i], undecided[i] = read.value, read.undecided
            self._learn(role, cells, i, read.decimal, DECIMAL)
            self._learn(role, cells, i, read.thousands, THOUSANDS)
        for mark in MARKS:
            self._hold(role, cells, start, mark, undecided == mark)
        return values

    def _learn(self, role: str, cells: pd.Series, i: int, mark: str, meaning: str) -> None:
        if mark:
            self._group(role).note(mark, meaning, int(cells.index[i]), role, cells.iloc[i])

    def _hold(self, role: str, cells: pd.Series, start: int, mark: str, undecided: BoolArray) -> None:
        if undecided.any():
            i = int(np.argmax(undecided))
            first = (int(cells.index[i]), role, cells.iloc[i])
            self._first.setdefault((_group_of(role), mark), first)
            self._undecided.setdefault(role, []).append((start, mark, undecided))


def pointed(cells: pd.Series) -> pd.Series:
    """Return cells of time, a comma before the decimals of a number of days or seconds as a point."""
    if not pd.api.types.is_string_dtype(cells.dtype) or not _NUMBER_OF_DAYS.match(str(cells.iloc[0])):
        return cells
    # Midnight has no decimals, so that the first cell alone does not show the mark.
    marked = cells.str.contains(",", regex=False, na=False)
    return cells.str.replace(",", ".", n=1) if marked.any() else cells


def _group_of(role: str) -> str:
    """Prices are written alike; volume and funding may be written otherwise."""
    return "price" if role in _PRICES else role


def _written_with(thousands: str, decimal: str) -> str:
    mark, point = re.escape(thousands), re.escape(decimal)
    whole = rf"[0-9]*|[1-9][0-9]{{0,2}}({mark}[0-9]{{2,3}})*{mark}[0-9]{{3}}"
    return rf"^[+-]?({whole})({point}[0-9]*)?([eE][+-]?[0-9]+)?$"


def _holding(text: pa.LargeStringArray, mark: str) -> BoolArray:
    found = pc.fill_null(pc.match_substring(text, mark), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _with_commas(text: pa.LargeStringArray) -> FloatArray | None:
    """Return numbers without thousands marks whose commas stand before decimals; None if one is odd."""
    pointed_text = with_mark(text, ",", ".")
    values = None if pointed_text is None else _cast(pointed_text)
    if values is None or np.count_nonzero(~np.isfinite(values)) > text.null_count:
        return None
    return values


def _cast(text: pa.LargeStringArray) -> FloatArray | None:
    try:
        # Arrow rounds correctly; what pandas does with the last bit depends on its version.
        column = text.cast(pa.float64())
    except pa.ArrowException:
        return None
    return np.ascontiguousarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
