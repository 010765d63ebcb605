"""Where the header of delimited text stands, or what it would be where there is none."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genepool.adapters.files.cell_kinds import CellKind, cell_kind
from genepool.adapters.files.header_names import MARKET_NAMES
from genepool.adapters.files.headers import plain_header
from genepool.adapters.files.positions import by_position, is_number
from genepool.adapters.files.tables import IsHeader
from genepool.errors import InvalidCandles
from genepool.remedies import by_flag

_PRICES = 4
_LISTED = 5
_NOTHING = frozenset(("", "null", "nan", "none", "n/a", "-", "--"))


@dataclass(frozen=True)
class TextHeader:
    """What the columns of a text are called, and where its rows begin.

    Parameters
    ----------
    cells
        The header.
    delimiter
        What parts cells.
    lines
        Lines above the first row.
    said
        One phrase on the header for people; empty where it stands in the first line.
    market
        Value by header of what the lines below the header say of the market.
    """

    cells: Sequence[str]
    delimiter: str
    lines: int
    said: str = ""
    market: tuple[tuple[str, str], ...] = ()


def find_header(
    source: str, lines: Sequence[str], delimiters: Sequence[str], is_header: IsHeader
) -> TextHeader | None:
    """Return the first line that names all columns that are needed; None if none does.

    Raises
    ------
    InvalidCandles
        When the lines below it say that columns belong to several markets.
    """
    for number, line in enumerate(lines, start=1):
        for mark in delimiters:
            cells = cells_of(line, mark)
            if is_header(cells):
                labels = _labels(lines[number:], mark)
                said = f"header in line {number}" if number > 1 else ""
                if labels:
                    said = f"header in lines {number} to {number + len(labels)}"
                named = _with_row_names(cells, lines[number + len(labels) :], mark)
                return TextHeader(named, mark, number + len(labels), said, _market(source, labels))
    return None


def header_by_position(
    source: str, lines: Sequence[str], delimiters: Sequence[str], given: Sequence[str]
) -> TextHeader | None:
    """Return the header of text that has none: as the user gives it, or as the places of its columns tell.

    Raises
    ------
    InvalidCandles
        When prices stand in another order than the usual, or no row fits what the user gives.
    """
    for mark in delimiters:
        number = _first_data(lines, mark, len(given))
        if number is None:
            continue
        rows = data_rows(lines[number:], mark)
        if given:
            return TextHeader(header_of(given, len(rows[0])), mark, number, "columns as given")
        placed = by_position(rows)
        if placed is not None and placed.proposed:
            raise unusual_order(source, placed.proposed)
        if placed is not None:
            return TextHeader(placed.headers, mark, number, "no header, columns told by their places")
    if given:
        raise InvalidCandles(
            f"{source} has no row of at least {len(given)} cells with prices among them: correct --columns"
        )
    return None


def unusual_order(source: str, proposed: Sequence[str]) -> InvalidCandles:
    """Return the refusal of prices in an order that may be known."""
    return InvalidCandles(
        f"{source} has no header, and its prices do not stand in the order open, high, low, close",
        *(by_flag("if they are what they look like, say so with", "--columns", names) for names in proposed),
    )


def header_of(given: Sequence[str], width: int) -> tuple[str, ...]:
    """Return the header that a user gives, with names for the columns that get none."""
    names = [*given, *[""] * (width - len(given))]
    return tuple(f"column {i}" if name in {"", "-"} else name for i, name in enumerate(names, start=1))


def data_rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the cells of the lines that are neither blank nor a remark."""
    return [cells_of(line, delimiter) for line in lines if line.strip() and not line.startswith("#")]


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line."""
    # A space stands between cells, but also within a quoted one.
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])]


def _with_row_names(header: Sequence[str], lines: Sequence[str], delimiter: str) -> Sequence[str]:
    """Return the header with an empty name before it where R numbered the rows below, and only those."""
    rows = data_rows(lines, delimiter)
    counted = [str(number) for number in range(1, len(rows) + 1)]
    longer = rows and all(len(row) == len(header) + 1 for row in rows)
    return ["", *header] if longer and [row[0] for row in rows] == counted else header


def _first_data(lines: Sequence[str], delimiter: str, width: int) -> int | None:
    """Return how many lines stand above the first row: a header only where the user gives another."""
    for number, line in enumerate(lines):
        if not line.strip() or line.startswith("#"):
            continue
        cells = cells_of(line, delimiter)
        if sum(map(_is_datum, cells)) >= _PRICES and len(cells) >= width:
            return number
        if not width:
            return None
    return None


def _labels(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the lines below a header that hold names instead of numbers: tickers, units, an index."""
    labels = []
    for line in lines:
        cells = cells_of(line, delimiter)
        if all(cell.lower() in _NOTHING for cell in cells) or any(map(_is_datum, cells)):
            break
        labels.append(cells)
    return labels


def _is_datum(cell: str) -> bool:
    bare = cell.lstrip("$€£¥").replace(",", "")
    number = bare[:-1] if bare[-1:].lower() in {"k", "m", "b", "%"} else bare
    return is_number(number) or _is_time(cell)


def _is_time(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and cell_kind(pd.Series([cell])) is not CellKind.OTHER


def _market(source: str, labels: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Return the market that a line of labels names: ``Ticker,GOOG,GOOG,GOOG``."""
    found = {}
    for cells in labels:
        values = {cell for cell in cells[1:] if cell}
        if plain_header(cells[0]) in MARKET_NAMES and len(values) > 1:
            listed = ", ".join(sorted(values)[:_LISTED])
            raise InvalidCandles(
                f"{source} holds columns of several markets ({cells[0]}: {listed}): save those of one alone"
            )
        if plain_header(cells[0]) in MARKET_NAMES and values:
            found[cells[0]] = values.pop()
    return tuple(found.items())
