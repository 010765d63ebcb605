"""JSON as exchanges answer it and programs keep it: lists, objects, or columns, read record by record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from genepool.adapters.files.bounded_text import BoundedText, bounded
from genepool.adapters.files.encodings import TextHead
from genepool.adapters.files.json_records import Record, flat, streamed, within
from genepool.adapters.files.limits import TextLimits
from genepool.adapters.files.packed import DAMAGED
from genepool.adapters.files.positions import by_position, is_number
from genepool.adapters.files.tables import CHUNK_ROWS, check_cells
from genepool.adapters.files.text_header import header_of, unusual_order
from genepool.errors import InvalidCandles
from genepool.remedies import to_fill_in

_SAMPLED = 50
# How long records are is known after some.
_FIRST_ROWS = 1_000
_PIECE = 65_536
_UNREADABLE = (UnicodeError, OSError, *DAMAGED)


@dataclass(frozen=True)
class JsonTable:
    """An open JSON file.

    Parameters
    ----------
    path, head, limits
        The file, its encoding, and how much of it is read.
    headers
        Keys of its objects, or names of the places in its lists.
    keyed
        Whether its records are objects.
    skipped
        Records that are a header.
    market
        What it says of its market.
    """

    path: Path
    head: TextHead
    limits: TextLimits
    headers: Sequence[str]
    keyed: bool
    skipped: int
    market: Mapping[str, str]

    @property
    def layout(self) -> str:
        """One phrase on how the file is laid out."""
        return "JSON, objects" if self.keyed else "JSON, lists whose columns are told by their places"

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions as text; see ``Table``."""
        first = 1 + self.skipped
        with _records(self.path, self.head, self.limits) as (records, text, _, _):
            rest = islice(records, self.skipped, None)
            size = _FIRST_ROWS
            while batch := list(islice(rest, size)):
                size = self._rows_at_once(text.start_stretch() / len(batch))
                frame = pd.DataFrame(
                    {i: self._column(batch, i, first) for i in positions},
                    index=pd.RangeIndex(first, first + len(batch)),
                    dtype=object,
                )
                check_cells(self.path.name, frame, self.limits.cell)
                first += len(batch)
                yield frame

    def _rows_at_once(self, characters: float) -> int:
        return max(1, min(CHUNK_ROWS, int(self.limits.at_once / 2 / max(characters, 1.0))))

    def _column(self, batch: Sequence[Record], position: int, first: int) -> list[str | None]:
        key = self.headers[position] if self.keyed else position
        cells = []
        for row, record in enumerate(batch, start=first):
            cell = _cell(record, key)
            if isinstance(cell, list | dict):
                raise InvalidCandles(
                    f"{self.path.name}, record {row}: {self.headers[position]} holds more than one value",
                    to_fill_in("name another with", "--column"),
                )
            cells.append(None if cell is None or cell == "" else str(cell))
        return cells


def open_json(
    path: Path,
    head: TextHead,
    given: Sequence[str] = (),
    limits: TextLimits | None = None,
    usual: Sequence[str] = (),
) -> JsonTable:
    """Find out what a JSON file holds.

    Parameters
    ----------
    path, head
        The file, and how its text begins.
    given
        Names of the places in its lists, where the user says them.
    limits
        How much of it is read; None for the usual ones.
    usual
        Names of the places in lists that are not told by what stands there.

    Raises
    ------
    InvalidCandles
        When it is no JSON, or holds no candles.
    """
    limits = limits or TextLimits()
    with _records(path, head, limits) as (records, _, header, market):
        first = list(islice(records, _SAMPLED))
    if not first:
        raise InvalidCandles(f"{path.name} is an empty list: give a file with candles")
    if isinstance(first[0], dict):
        headers = tuple(dict.fromkeys(chain.from_iterable(record for record in first)))
        return JsonTable(path, head, limits, headers, True, 0, market)
    rows = _texts(first, range(max(map(len, first))))
    header, skipped = (header, 0) if header else _header_in(rows)
    headers = _placed(path, rows[skipped:], given or usual) if given or not header else tuple(header)
    return JsonTable(path, head, limits, headers, False, skipped, market)


@contextmanager
def _records(
    path: Path, head: TextHead, limits: TextLimits
) -> Iterator[tuple[Iterator[Record], BoundedText, Sequence[str], Mapping[str, str]]]:
    """Yield the records, the text that they are read from, their header if it is said, and the market."""
    # All of a JSON text may stand in one line.
    with bounded(path, head.encoding, replace(limits, line=limits.whole)) as text:
        try:
            if not _is_document(head):
                yield _of_one_kind(path, streamed(path.name, text, limits.line)), text, (), {}
                return
            records, header, market = within(path.name, _document(path, text, limits))
            yield _of_one_kind(path, iter(records)), text, header, market
        except _UNREADABLE as error:
            raise InvalidCandles(
                f"{path.name} cannot be read as text: it is damaged, cut short or in another encoding: write "
                "it again in UTF-8"
            ) from error


def _is_document(head: TextHead) -> bool:
    """Say whether all is one object, instead of one a line."""
    if head.text.lstrip("\ufeff \t\r\n").startswith("["):
        return False
    lines = [line for line in head.text.splitlines() if line.strip()]
    try:
        return len(lines) == 1 or not isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return True


def _document(path: Path, text: BoundedText, limits: TextLimits) -> dict[str, Any]:
    parts, length = [], 0
    while piece := text.read(_PIECE):
        parts.append(piece)
        length += text.start_stretch()
        if length > limits.at_once:
            raise InvalidCandles(
                f"{path.name} is one object of more than {limits.at_once:,} characters: give the list of its "
                "candles, or CSV"
            )
    try:
        held: dict[str, Any] = json.loads("".join(parts), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise InvalidCandles(
            f"{path.name} is no JSON, or it is cut short: fetch or write it again"
        ) from error
    return held


def _of_one_kind(path: Path, records: Iterator[Record]) -> Iterator[Record]:
    kind = None
    for row, record in enumerate(records, start=1):
        kind = kind or type(record)
        if not isinstance(record, list | dict) or type(record) is not kind:
            raise InvalidCandles(
                f"{path.name}, record {row}: it is no {'object' if kind is dict else 'list'} with a candle: "
                "give a list of lists or objects, one for each candle"
            )
        yield flat(record)


def _cell(record: Record, key: str | int) -> object:
    if isinstance(record, Mapping):
        return record.get(str(key))
    return record[int(key)] if int(key) < len(record) else None


def _texts(records: Sequence[Record], keys: range) -> list[list[str]]:
    cells = ([_cell(record, key) for key in keys] for record in records)
    return [["" if cell is None else str(cell) for cell in row] for row in cells]


def _header_in(rows: Sequence[Sequence[str]]) -> tuple[Sequence[str], int]:
    """Return the header where the first record is one."""
    return (rows[0], 1) if rows and not any(map(is_number, rows[0])) and len(rows) > 1 else ((), 0)


def _placed(path: Path, rows: Sequence[Sequence[str]], given: Sequence[str]) -> tuple[str, ...]:
    if given:
        return header_of(given, len(rows[0]) if rows else 0)
    placed = by_position(rows)
    if placed is None:
        raise InvalidCandles(
            f"{path.name} holds lists that are no candles by their places",
            to_fill_in("give their order with", "--columns", "time,open,high,low,close,volume"),
        )
    if placed.proposed:
        raise unusual_order(path.name, placed.proposed)
    return placed.headers
