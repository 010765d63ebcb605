"""Delimited text: find delimiter, junk lines and header, then stream the rows in chunks."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from genepool.adapters.files.bounded_text import BoundedText, bounded, opened
from genepool.adapters.files.limits import TextLimits
from genepool.adapters.files.plain_rows import PlainRows
from genepool.adapters.files.tables import IsHeader, check_cells
from genepool.errors import InvalidCandles

_UNREADABLE = (UnicodeError, OSError, EOFError, zlib.error)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
_HEAD_LINES, _HEAD_CHARACTERS = 50, 65_536
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d+$")
_DECIMAL_POINT = re.compile(r"^-?\d+\.\d+$")
# Rows held as text at once; what is done once a chunk hardly counts then.
CHUNK_ROWS = 70_000
# Cells that are held as text at once, where there are many columns.
_CELLS_AT_ONCE = 2_000_000
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
    characters_a_row: float
    limits: TextLimits

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
        except _UNREADABLE as error:
            raise self._unreadable(error, 0) from error

    def _chunks(self, positions: list[int]) -> Iterator[pd.DataFrame]:
        with bounded(self.path, self.encoding, self.limits) as text:
            plain = PlainRows(text, self.delimiter, self.cells_read, self.header_line, self.limits)
            for chunk in plain.chunks(positions):
                for start in range(0, len(chunk), CHUNK_ROWS):
                    yield chunk.iloc[start : start + CHUNK_ROWS]
            if plain.ended:
                return
            try:
                yield from self._less_plain_chunks(text, plain, positions)
            except (pd.errors.ParserError, *_UNREADABLE) as error:
                raise self._unreadable(error, plain.lines_read) from error

    def _less_plain_chunks(
        self, text: BoundedText, rest: PlainRows, positions: list[int]
    ) -> Iterator[pd.DataFrame]:
        characters, passed_over, first = self.characters_a_row, 0, rest.lines_read + rest.lines_above + 1
        with pd.read_csv(
            rest,
            sep=self.delimiter,
            header=None,
            names=range(self.cells_read),
            skiprows=rest.lines_above,
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_values=[""],
            iterator=True,
            skip_blank_lines=False,
            skipinitialspace=True,
        ) as reader:
            while (chunk := _next(reader, self._rows_at_once(characters))) is not None:
                characters = text.start_stretch() / len(chunk)
                chunk.index += first
                remarks = chunk[positions[0]].astype(str).str.startswith("#")
                kept = chunk.loc[~(remarks | chunk.isna().all(axis=1)), positions]
                passed_over = 0 if len(kept) else passed_over + len(chunk)
                self._check_passed_over(passed_over, chunk)
                check_cells(self.path.name, kept, self.limits.cell)
                yield kept

    def _rows_at_once(self, characters: float) -> int:
        # Half of what the limit allows: rows may well become longer than those before.
        by_length = int(self.limits.at_once / 2 / max(characters, 1.0))
        return max(1, min(CHUNK_ROWS, by_length, _CELLS_AT_ONCE // self.cells_read))

    def _check_passed_over(self, count: int, chunk: pd.DataFrame) -> None:
        if count > self.limits.passed_over:
            raise InvalidCandles(
                f"{self.path.name}, row {chunk.index[-1]}: the last {count:,} rows are blank or remarks: "
                "delete them"
            )

    def _unreadable(self, error: Exception, lines_before: int) -> InvalidCandles:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if found:
            wanted, line, seen = found.groups()
            return _too_wide(self.path, lines_before + int(line), int(seen), int(wanted))
        unclosed = re.search(r"EOF inside string starting at row (\d+)", str(error))
        if unclosed:
            row = lines_before + int(unclosed[1]) + 1
            return InvalidCandles(f"{self.path.name}, row {row}: a quote opens and never closes: correct it")
        reason = str(error).splitlines()[0].rstrip(".")
        return InvalidCandles(f"{self.path.name} cannot be read as text ({reason}): save it as UTF-8 CSV")


def open_csv(
    path: Path, delimiter: str, is_header: IsHeader, wanted: str, limits: TextLimits | None = None
) -> CsvTable:
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
    limits
        How much of it is read; None for the usual ones.

    Raises
    ------
    InvalidCandles
        When the file is no text, or none of its first 50 lines is a header.
    """
    encoding, limits = _encoding(path), limits or TextLimits()
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
                _check_columns(path, number, len(cells), limits.columns)
                width, length = max(len(cells), len(first)), _mean_length(lines[number:])
                return CsvTable(path, cells, mark, number, encoding, decimal, width, length, limits)
    raise InvalidCandles(
        f"{path.name}, row 1: no header names {wanted}; its first line is {_likely_header(lines)[:120]!r}: "
        "name the columns with --column open=HEADER, or add a header line"
    )


def _next(reader: "pd.io.parsers.TextFileReader", rows: int) -> pd.DataFrame | None:
    try:
        return reader.get_chunk(rows)
    except StopIteration:
        return None


def _mean_length(rows: list[str]) -> float:
    # Two for the end of the line.
    return 2 + (sum(map(len, rows)) / len(rows) if rows else 0.0)


def _check_columns(path: Path, row: int, count: int, most: int) -> None:
    if count > most:
        raise InvalidCandles(
            f"{path.name}, row {row}: the header has {count:,} columns, more than {most:,}: leave out those "
            "without prices"
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
        with opened(path, encoding) as file:
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
