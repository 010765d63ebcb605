"""Delimited text: find delimiter, junk lines and header, then stream the rows in chunks."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

import pandas as pd

from genepool.adapters.files.tables import CHUNK_ROWS, IsHeader
from genepool.errors import InvalidCandles

_UNREADABLE = (UnicodeError, OSError, EOFError, zlib.error)
_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
_HEAD_LINES, _HEAD_CHARACTERS = 50, 65_536
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d+$")
_DECIMAL_POINT = re.compile(r"^-?\d+\.\d+$")
_THOUSANDS = re.compile(r"^-?\d{1,3},\d{3}$")


@dataclass(frozen=True)
class CsvTable:
    """An open CSV file: where its header stands and how its cells are parted."""

    path: Path
    headers: Sequence[str]
    delimiter: str
    header_line: int
    encoding: str
    decimal: str
    cells_read: int

    @property
    def layout(self) -> str:
        """One phrase on how the file is laid out."""
        above = f", header in line {self.header_line}" if self.header_line > 1 else ""
        return f"CSV, {_DELIMITERS.get(self.delimiter, repr(self.delimiter))} between cells{above}"

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions as text, whose numbers have a decimal point; see ``Table``."""
        try:
            for chunk in self._chunks(sorted(positions)):
                yield chunk if self.decimal == "." else _with_points(chunk)
        except (pd.errors.ParserError, *_UNREADABLE) as error:
            raise self._unreadable(error) from error

    def _chunks(self, positions: list[int]) -> Iterator[pd.DataFrame]:
        with (
            _opened(self.path, self.encoding) as file,
            pd.read_csv(
                file,
                sep=self.delimiter,
                header=None,
                names=range(self.cells_read),
                skiprows=self.header_line,
                index_col=False,
                dtype=str,
                keep_default_na=False,
                na_values=[""],
                chunksize=CHUNK_ROWS,
                skip_blank_lines=False,
                skipinitialspace=True,
            ) as reader,
        ):
            for chunk in reader:
                chunk.index += self.header_line + 1
                remarks = chunk[positions[0]].astype(str).str.startswith("#")
                yield chunk.loc[~(remarks | chunk.isna().all(axis=1)), positions]

    def _unreadable(self, error: Exception) -> InvalidCandles:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if found:
            wanted, line, seen = found.groups()
            return _too_wide(self.path, int(line), int(seen), int(wanted))
        unclosed = re.search(r"EOF inside string starting at row (\d+)", str(error))
        if unclosed:
            row = int(unclosed[1]) + 1
            return InvalidCandles(f"{self.path.name}, row {row}: a quote opens and never closes: correct it")
        reason = str(error).splitlines()[0].rstrip(".")
        return InvalidCandles(f"{self.path.name} cannot be read as text ({reason}): save it as UTF-8 CSV")


def open_csv(path: Path, delimiter: str, is_header: IsHeader, wanted: str) -> CsvTable:
    """Find the header of a CSV file.

    Parameters
    ----------
    path
        The file, plain or gzipped, in UTF-8 or UTF-16.
    delimiter
        What parts cells; empty to find it out.
    is_header
        Told the cells of a line, says whether they name all columns that are needed.
    wanted
        Those columns in words, for the message.

    Raises
    ------
    InvalidCandles
        When the file is no text, or none of its first 50 lines is a header.
    """
    encoding = _encoding(path)
    lines = _head(path, encoding)
    tried = (delimiter,) if delimiter else tuple(_DELIMITERS)
    for number, line in enumerate(lines, start=1):
        for mark in tried:
            cells = _cells(line, mark)
            if is_header(cells):
                row, first = _first_row(lines, number, mark)
                if any(first[len(cells) :]):
                    raise _too_wide(path, row, len(first), len(cells))
                decimal = _decimal([_cells(line, mark) for line in lines[number:]], mark)
                return CsvTable(path, cells, mark, number, encoding, decimal, max(len(cells), len(first)))
    raise InvalidCandles(
        f"{path.name}, row 1: no header names {wanted}; its first line is {_likely_header(lines)[:120]!r}: "
        "name the columns with --column open=HEADER, or add a header line"
    )


def _first_row(lines: list[str], header_line: int, delimiter: str) -> tuple[int, list[str]]:
    """Return the first row below the header that is neither blank nor a remark, and where it stands."""
    for number, line in enumerate(lines[header_line:], start=header_line + 1):
        if line.strip() and not line.startswith("#"):
            return number, _cells(line, delimiter)
    return header_line + 1, []


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    """Return the decimal mark; commas beside points, or before three digits in quotes, part thousands."""
    cells = [cell for row in rows for cell in row]
    commas = [cell for cell in cells if _DECIMAL_COMMA.match(cell)]
    thousands = any(map(_DECIMAL_POINT.match, cells)) or (
        delimiter == "," and all(map(_THOUSANDS.match, commas))
    )
    return "," if commas and not thousands else "."


def _likely_header(lines: list[str]) -> str:
    return next((line for line in lines if line.strip()), "")


def _with_points(chunk: pd.DataFrame) -> pd.DataFrame:
    return chunk.apply(
        lambda cells: cells.where(~cells.str.fullmatch(_DECIMAL_COMMA), cells.str.replace(",", "."))
    )


def _cells(line: str, delimiter: str) -> list[str]:
    # A space stands between cells, but also within a quoted one.
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])]


def _too_wide(path: Path, row: int, seen: int, wanted: int) -> InvalidCandles:
    return InvalidCandles(
        f"{path.name}, row {row}: it has {seen} cells where the header has {wanted}: correct it, or say what "
        "parts cells with --delimiter"
    )


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in _UTF16 else "utf-8-sig"


def _head(path: Path, encoding: str) -> list[str]:
    try:
        with _opened(path, encoding) as file:
            # A header longer than that is read to its end.
            text = file.read(_HEAD_CHARACTERS) + file.readline(_HEAD_CHARACTERS - 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidCandles(f"{path.name} is damaged or cut short: fetch or write it again") from error
    except _UNREADABLE as error:
        raise InvalidCandles(_no_table(path)) from error
    if "\0" in text:
        raise InvalidCandles(_no_table(path))
    return text.splitlines()[:_HEAD_LINES]


def _no_table(path: Path) -> str:
    return (
        f"{path.name}, row 1: this is neither text nor Parquet nor feather: give candles in one of these, "
        "text in UTF-8 or UTF-16"
    )


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    with path.open("rb") as probe:
        packed = probe.read(2) == _GZIP
    if packed:
        with gzip.open(path, "rt", encoding=encoding, newline="") as unpacked:
            yield cast("TextIO", unpacked)
    else:
        with path.open(encoding=encoding, newline="") as file:
            yield file
