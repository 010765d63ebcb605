"""Candles without a header: which column is what, told by where it stands and by what it holds."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from genepool.adapters.files.cell_kinds import CellKind, cell_kind, may_be_clock

_NUMBER = re.compile(r"-?\d+([.,]\d+)?([eE][+-]?\d+)?$")
# What may stand for a volume: 95.35K, or nothing that was counted.
_VOLUME = re.compile(r"([\d.,]+ ?[KMBkmb]?|-+|null|nan|n/a|)$", re.IGNORECASE)
_PRICES = ("open", "high", "low", "close")
# The usual order of prices, then those of some exchanges, to be proposed where it does not fit.
_ORDERS = (
    _PRICES,
    ("open", "close", "high", "low"),
    ("low", "high", "open", "close"),
    ("close", "open", "high", "low"),
    ("open", "low", "high", "close"),
)
_MOST = 0.9
# Of this number of rows, one may break the rule; all are checked later.
_ONE_MAY_BE_WRONG = 5
# Of the columns, the last in which the time may begin.
_FURTHEST = 4
# Candles whose high is this many times the low are rare in every market; other numbers are not.
_WIDEST = 3.0
# A price beside the close keeps its distance from it, a volume does not.
_STEADY = 1.1


@dataclass(frozen=True)
class Positions:
    """The header that a file without one would have, or the order of columns to ask the user for."""

    headers: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()


def by_position(rows: Sequence[Sequence[str]]) -> Positions | None:
    """Return what the columns of some rows are; None where they hold no candles.

    Parameters
    ----------
    rows
        Cells as text, none of them a header.
    """
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    columns = [[row[i] for row in rows if len(row) == width] for i in range(width)]
    for first, times in _starts(columns):
        start = first + len(times)
        prices = columns[start : start + len(_PRICES)]
        if len(prices) < len(_PRICES) or not _are_prices(prices):
            continue
        leading = [_leading(i, columns[i]) for i in range(first)]
        rest = _behind(columns, start + len(_PRICES))
        fitting = [order for order in _ORDERS if _fits(dict(zip(order, prices, strict=True)))]
        headers = [(*leading, *times, *order, *rest) for order in fitting]
        if _PRICES in fitting:
            return Positions(headers[0])
        if fitting:
            return Positions(proposed=tuple(map(_order, headers)))
    return None


def is_number(cell: str) -> bool:
    """Say whether a cell is a number, with a decimal point or comma."""
    return bool(_NUMBER.match(cell.strip()))


def _starts(columns: Sequence[Sequence[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield where the time may begin and what its columns are called; a market's name may stand before it."""
    for i, cells in enumerate(columns[:_FURTHEST]):
        kind = cell_kind(pd.Series(cells))
        if kind in {CellKind.INSTANT, CellKind.DATE}:
            yield i, ("time",)
        beside = columns[i + 1 : i + 2]
        if kind is CellKind.DATE and any(may_be_clock(pd.Series(cells)) for cells in beside):
            yield i, ("date", "time")


def _leading(i: int, cells: Sequence[str]) -> str:
    return "symbol" if i == 0 and not any(map(is_number, cells)) else f"column {i + 1}"


def _are_prices(columns: Sequence[Sequence[str]]) -> bool:
    cells = [cell for column in columns for cell in column]
    return sum(map(is_number, cells)) >= _MOST * len(cells)


def _fits(prices: dict[str, Sequence[str]]) -> bool:
    """Say whether high and low enclose open and close in nearly every row, and are prices of one thing."""
    rows = [
        [_value(cell) for cell in cells]
        for cells in zip(*(prices[name] for name in _PRICES), strict=True)
        if all(map(is_number, cells))
    ]
    sound = [
        low > 0 and high >= max(open_, close) and low <= min(open_, close) for open_, high, low, close in rows
    ]
    if not rows or len(rows) - sum(sound) > max(len(rows) >= _ONE_MAY_BE_WRONG, (1 - _MOST) * len(rows)):
        return False
    return median(high / low for _, high, low, _ in rows if low > 0) <= _WIDEST


def _behind(columns: Sequence[Sequence[str]], start: int) -> list[str]:
    """Return what stands behind the close: the volume, unless that is a price too, and unnamed columns."""
    names = [f"column {i + 1}" for i in range(start, len(columns))]
    if names and _may_be_volume(columns[start], columns[start - 1]):
        names[0] = "volume"
    return names


def _may_be_volume(cells: Sequence[str], closes: Sequence[str]) -> bool:
    if not all(_VOLUME.match(cell.strip()) for cell in cells):
        return False
    ratios = [
        _value(cell) / _value(close)
        for cell, close in zip(cells, closes, strict=True)
        if is_number(cell) and is_number(close) and _value(close) > 0
    ]
    steady = len(set(cells)) > 1 and min(ratios, default=0) > 0 and max(ratios) < _STEADY * min(ratios)
    return not steady


def _value(cell: str) -> float:
    return float(cell.strip().replace(",", "."))


def _order(headers: Sequence[str]) -> str:
    return ",".join("-" if name.startswith("column ") else name for name in headers)
