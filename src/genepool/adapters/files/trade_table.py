"""A CSV of trades: one a row, as ``genepool backtest --trades`` writes them, or by hand."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from genepool.backtest.live_trades import LiveTrade
from genepool.errors import DataError
from genepool.market.moments import nanoseconds

Row: TypeAlias = Mapping[str, str]

_NAMES = {
    "entry_time": ("entry_time", "open_date"),
    "exit_time": ("exit_time", "close_date"),
    "side": ("side",),
    "entry_price": ("entry_price", "open_rate"),
    "exit_price": ("exit_price", "close_rate"),
    "units": ("units", "amount"),
    "fees": ("fees",),
    "funding": ("funding",),
    "result": ("result", "profit_abs"),
    "pair": ("pair", "symbol"),
    "strategy": ("strategy",),
}
_REQUIRED = ("entry_time", "exit_time", "side", "entry_price", "exit_price", "units", "fees")
_SIDES = {"long": 1, "buy": 1, "1": 1, "short": -1, "sell": -1, "-1": -1}
_LARGEST = 100_000_000
# From here on a whole number counts milliseconds, and not seconds.
_MILLISECONDS = 100_000_000_000


def read_trade_table(file: Path) -> list[LiveTrade]:
    """Return the trades of a CSV file, by time of entry; one without an exit is open.

    Raises
    ------
    DataError
        When a column is missing, or a cell cannot be; the message names file, row and column.
    """
    if file.stat().st_size > _LARGEST:
        raise DataError(f"{file} is larger than {_LARGEST:,} bytes: give a file of trades, one a row")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            first = text.readline()
            text.seek(0)
            delimiter = max(",;\t", key=first.count)
            table = csv.reader(text, delimiter=delimiter, strict=True)
            places = _places(next(table, []), file)
            trades = [
                _trade(_named(row, places), f"{file}, row {table.line_num}")
                for row in table
                if any(cell.strip() for cell in row)
            ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"{file} cannot be read as CSV ({error}): give a file of trades, one a row"
        ) from error
    return sorted(trades, key=lambda trade: trade.entry)


def _places(header: list[str], file: Path) -> dict[str, int]:
    found = {cell.strip().lower().lstrip("'"): place for place, cell in reversed(list(enumerate(header)))}
    places = {
        name: found[known]
        for name, spellings in _NAMES.items()
        for known in reversed(spellings)
        if known in found
    }
    if lacking := [name for name in _REQUIRED if name not in places]:
        raise DataError(
            f"{file}, row 1 has no column {lacking[0]}: a table of trades has {', '.join(_REQUIRED)}, and "
            "may have funding, result, pair and strategy"
        )
    return places


def _named(cells: list[str], places: Mapping[str, int]) -> Row:
    return {name: cells[place] if place < len(cells) else "" for name, place in places.items()}


def _trade(row: Row, where: str) -> LiveTrade:
    side = _SIDES.get(row["side"].strip().lower())
    if side is None:
        raise DataError(f"{where}, side: {row['side']!r} is neither long nor short")
    entry = _moment(row, "entry_time", where)
    if entry is None:
        raise DataError(f"{where}, entry_time is empty: give a time such as 2024-01-31T08:00:00Z")
    try:
        return LiveTrade(
            entry,
            _moment(row, "exit_time", where),
            side,
            _needed(row, "units", where),
            _needed(row, "entry_price", where),
            _number(row, "exit_price", where),
            _number(row, "fees", where) or 0.0,
            _number(row, "funding", where) or 0.0,
            _number(row, "result", where),
            row.get("pair", "").strip(),
            row.get("strategy", "").strip(),
        )
    except ValueError as error:
        raise DataError(f"{where}, {error}: correct it, or leave the trade out") from error


def _needed(row: Row, name: str, where: str) -> float:
    value = _number(row, name, where)
    if value is None:
        raise DataError(f"{where}, {name} is empty: give a number")
    return value


def _number(row: Row, name: str, where: str) -> float | None:
    text = row.get(name, "").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise DataError(f"{where}, {name}: {text!r} is no number") from error


def _moment(row: Row, name: str, where: str) -> int | None:
    text = row[name].strip()
    if not text:
        return None
    if text.isdecimal():
        number = int(text)
        return number * (1_000_000 if number >= _MILLISECONDS else 1_000_000_000)
    try:
        return nanoseconds(text)
    except ValueError as error:
        raise DataError(
            f"{where}, {name}: {text!r} is no time: give one such as 2024-01-31T08:00:00Z"
        ) from error
