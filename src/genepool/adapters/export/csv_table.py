"""CSV files that spreadsheets open without running anything."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import TextIO, TypeAlias

from genepool.adapters.export.whole_file import whole_file

Cell: TypeAlias = str | float | None

# A spreadsheet takes a text that begins so for a formula; the wide ones are those of East Asian keyboards.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# What some programs take off a cell before they look at it.
_STRIPPED = '\\s"\0\ufeff\u200b'
_FORMULA = re.compile(f"[{_STRIPPED}]*[{_SIGNS}]")
_CONTROLS = ("\t", "\r", "\n")
# Where lists are separated otherwise, a spreadsheet begins a new cell inside a text too.
_INNER = re.compile(f"(?<=[^{_STRIPPED}])([;|\t\r\n][{_STRIPPED}]*)(?=[{_SIGNS}])")


def cell_text(value: Cell) -> str:
    """Return a cell: numbers so that they read back as the same bits, texts never as a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        inert = _INNER.sub(r"\1'", value)
        return f"'{inert}" if _FORMULA.match(value) or value.startswith(_CONTROLS) else inert
    return repr(value)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table, whole or not at all, and return how many rows it has.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    with whole_file(path) as stream:
        return _write(stream, columns, rows)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as the text of its file."""
    stream = StringIO(newline="")
    _write(stream, columns, rows)
    return stream.getvalue()


def _write(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([cell_text(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([cell_text(value) for value in row])
        count += 1
    return count
