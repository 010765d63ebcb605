"""Delimited text: find delimiter, junk lines and header, then stream the rows in chunks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from genepool.adapters.files.bounded_text import BoundedText, bounded
from genepool.adapters.files.encodings import TextHead, read_head
from genepool.adapters.files.footers import REMARK
from genepool.adapters.files.header_names import MARKET_NAMES
from genepool.adapters.files.headers import plain_header
from genepool.adapters.files.limits import TextLimits
from genepool.adapters.files.packed import DAMAGED
from genepool.adapters.files.plain_rows import PlainRows
from genepool.adapters.files.tables import IsHeader, check_cells
from genepool.adapters.files.text_header import (
    TextHeader,
    cells_of,
    find_header,
    header_by_position,
)
from genepool.errors import InvalidCandles
from genepool.remedies import Flag, Remedy, by_hand, to_fill_in

_UNREADABLE = (UnicodeError, OSError, *DAMAGED)
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
_HEAD_LINES = 50
# Rows held as text at once; what is done once a chunk hardly counts then.
CHUNK_ROWS = 70_000
# Cells that are held as text at once, where there are many columns.
_CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class CsvTable:
    """An open CSV file: where its header stands and how its cells are parted."""

    path: Path
    header: TextHeader
    head: TextHead
    cells_read: int
    characters_a_row: float
    limits: TextLimits

    @property
    def headers(self) -> Sequence[str]:
        """Headers in the file's order."""
        return self.header.cells

    @property
    def market(self) -> Mapping[str, str]:
        """What the header says of the market."""
        return dict(self.header.market)

    @property
    def layout(self) -> str:
        """One phrase on how the file is laid out."""
        mark = self.header.delimiter
        parts = (f"CSV, {_DELIMITERS.get(mark, repr(mark))} between cells", self.header.said, self.head.said)
        return ", ".join(filter(None, parts))

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions as text; see ``Table``."""
        try:
            yield from self._chunks(sorted(positions))
        except _UNREADABLE as error:
            raise self._unreadable(error, 0) from error

    def _chunks(self, positions: list[int]) -> Iterator[pd.DataFrame]:
        with bounded(self.path, self.head.encoding, self.limits) as text:
            mark, above = self.header.delimiter, self.header.lines
            plain = PlainRows(text, mark, self.cells_read, above, self.limits)
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
            sep=self.header.delimiter,
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
                if not len(chunk):
                    # All that is left stands within one quote.
                    raise _unclosed(self.path, self._opening_quote(first))
                characters = text.start_stretch() / len(chunk)
                chunk.index += first
                kept = chunk.loc[~(self._remarks(chunk) | chunk.isna().all(axis=1)), positions]
                passed_over = 0 if len(kept) else passed_over + len(chunk)
                self._check_passed_over(passed_over, chunk)
                check_cells(self.path.name, kept, self.limits.cell)
                yield kept

    def _opening_quote(self, row: int) -> int:
        lines = self.head.text.splitlines()
        return next((i for i, line in enumerate(lines, start=1) if line.count('"') % 2), row)

    def _remarks(self, chunk: pd.DataFrame) -> pd.Series:
        remarks = chunk[0].astype(str).str.match(REMARK)
        if plain_header(self.headers[0]) not in MARKET_NAMES:
            return remarks
        # Some brokers call shares #AAPL.
        return remarks & chunk.drop(columns=0).isna().all(axis=1)

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
            return _unclosed(self.path, lines_before + int(unclosed[1]) + 1)
        reason = str(error).splitlines()[0].rstrip(".")
        return InvalidCandles(f"{self.path.name} cannot be read as text ({reason}): save it as UTF-8 CSV")


def open_csv(
    path: Path,
    delimiter: str,
    is_header: IsHeader,
    wanted: str,
    limits: TextLimits | None = None,
    given: Sequence[str] = (),
    head: TextHead | None = None,
) -> CsvTable:
    """Find the header of a CSV file.

    Parameters
    ----------
    path
        The file, plain or packed.
    delimiter
        What parts cells; empty to find it out.
    is_header
        Told the cells of a line, says whether they name all columns that are needed.
    wanted
        Those columns in words, for the message.
    limits
        How much of it is read; None for the usual ones.
    given
        The header, where the file lacks one.
    head
        How the text begins, where it was read already.

    Raises
    ------
    InvalidCandles
        When the file is no text, or none of its first 50 lines is a header or a row of a known layout.
    """
    head = head or read_head(path)
    lines = head.text.splitlines()[:_HEAD_LINES]
    marks = (delimiter,) if delimiter else tuple(_DELIMITERS)
    header = None if given else find_header(path.name, lines, marks, is_header)
    header = header or header_by_position(path.name, lines, marks, given)
    if header is None:
        raise _no_header(path, lines, wanted)
    return _table(path, header, head, lines, limits or TextLimits())


def shows_header(source: str, delimiter: str, is_header: IsHeader, given: Sequence[str], text: str) -> bool:
    """Say whether a text names the columns, or holds signs of a region where the user names them."""
    lines = text.splitlines()[:_HEAD_LINES]
    marks = (delimiter,) if delimiter else tuple(_DELIMITERS)
    return not text.isascii() if given else find_header(source, lines, marks, is_header) is not None


def _table(
    path: Path, header: TextHeader, head: TextHead, lines: Sequence[str], limits: TextLimits
) -> CsvTable:
    row, first = _first_row(lines, header.lines, header.delimiter)
    if any(first[len(header.cells) :]):
        raise _too_wide(path, row, len(first), len(header.cells))
    _check_columns(path, header.lines, len(header.cells), limits.columns)
    width, length = max(len(header.cells), len(first)), _mean_length(lines[header.lines :])
    return CsvTable(path, header, head, width, length, limits)


def _no_header(path: Path, lines: Sequence[str], wanted: str) -> InvalidCandles:
    first = next((line for line in lines if line.strip()), "")
    what = f"{path.name}, row 1: no header names {wanted}; its first line is {first[:120]!r}"
    if "funding" in wanted:
        named = Flag("--funding-column", "funding=HEADER", "and", is_blank=True)
        return InvalidCandles(
            what,
            Remedy("name the columns with", (named, replace(named, value="time=HEADER", why=""))),
            by_hand("write a first line such as time,funding_rate"),
        )
    return InvalidCandles(
        what,
        to_fill_in("name the columns with", "--column", "open=HEADER"),
        to_fill_in("give the header that it lacks with", "--columns", "time,open,high,low,close,volume"),
    )


def _next(reader: "pd.io.parsers.TextFileReader", rows: int) -> pd.DataFrame | None:
    try:
        return reader.get_chunk(rows)
    except StopIteration:
        return None


def _mean_length(rows: Sequence[str]) -> float:
    # Two for the end of the line.
    return 2 + (sum(map(len, rows)) / len(rows) if rows else 0.0)


def _check_columns(path: Path, row: int, count: int, most: int) -> None:
    if count > most:
        raise InvalidCandles(
            f"{path.name}, row {row}: the header has {count:,} columns, more than {most:,}: leave out those "
            "without prices"
        )


def _first_row(lines: Sequence[str], header_line: int, delimiter: str) -> tuple[int, list[str]]:
    """Return the first row below the header that is neither blank nor a remark, and where it stands."""
    for number, line in enumerate(lines[header_line:], start=header_line + 1):
        if line.strip() and not line.startswith("#"):
            return number, cells_of(line, delimiter)
    return header_line + 1, []


def _unclosed(path: Path, row: int) -> InvalidCandles:
    return InvalidCandles(f"{path.name}, row {row}: a quote opens and never closes: correct it")


def _too_wide(path: Path, row: int, seen: int, wanted: int) -> InvalidCandles:
    return InvalidCandles(
        f"{path.name}, row {row}: it has {seen} cells where the header has {wanted}",
        by_hand("correct it"),
        to_fill_in("say what parts cells with", "--delimiter"),
    )
