"""Read one file of candles or funding rates into float64 columns, chunk by chunk."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from genepool.adapters.files.arrow_table import FEATHER, PARQUET, open_arrow
from genepool.adapters.files.csv_table import CsvTable, open_csv
from genepool.adapters.files.headers import (
    CANDLE_ROLES,
    FUNDING_ROLES,
    clock_column,
    market_columns,
    plain,
    roles_of,
)
from genepool.adapters.files.limits import MOST_CANDLES
from genepool.adapters.files.markets import Markets
from genepool.adapters.files.number_marks import told
from genepool.adapters.files.numbers import NumberReader, pointed
from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.adapters.files.own_columns import OWN, as_quotients, with_own, without_none
from genepool.adapters.files.tables import Table, magic
from genepool.adapters.files.times import StampReader
from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray, IntArray
from genepool.market.raw_columns import RawColumns

# Beside a rate that stands below a header of prices; in a funding file these hold zeros, or are not there.
_BESIDE = ("high", "low", "close")
_CANDLE_NAMES = frozenset({"open", "o", "rate"})


def read_candles(path: Path, options: ReadingOptions) -> tuple[RawColumns, Understood]:
    """Return a file's candles in the file's order.

    Raises
    ------
    InvalidCandles
        When the file cannot be read, lacks a column, holds several markets or a cell is no number.
    """
    columns, rows, understood = _read(path, options, CANDLE_ROLES, ("volume", *OWN))
    scale = options.price_scale
    prices = {name: columns[name] if scale == 1 else columns[name] / scale for name in CANDLE_ROLES[1:]}
    stamps = columns["time"].view(np.int64)
    optional = {name: columns.get(name) for name in ("volume", *OWN)}
    raw = RawColumns(stamps, **prices, **optional, rows=rows)  # type: ignore[arg-type] # prices are there
    return raw, understood


def read_funding(path: Path, options: ReadingOptions) -> tuple[IntArray, FloatArray, Understood]:
    """Return the stamps and rates of a funding file, in the file's order.

    Raises
    ------
    InvalidCandles
        As ``read_candles``.
    """
    columns, _, understood = _read(path, options, FUNDING_ROLES, _BESIDE)
    _refuse_prices(path, columns, understood)
    # A row without a rate is none: what it lacks is seen when the rates are joined.
    given = ~np.isnan(columns["funding"])
    return columns["time"].view(np.int64)[given], columns["funding"][given], understood


def _refuse_prices(path: Path, columns: Mapping[str, FloatArray], understood: Understood) -> None:
    """Refuse a file whose rates would be the opens of candles; freqtrade's has zeros beside the rates."""
    beside = [role for role in _BESIDE if role in columns and np.nan_to_num(columns[role]).any()]
    if beside and plain(understood.columns["funding"]) in _CANDLE_NAMES:
        header = understood.columns["funding"]
        others = ", ".join(understood.columns[role] for role in beside)
        raise InvalidCandles(
            f"{path.name} holds prices in {others}, so {header} is no funding rate: give the file of the "
            "rates, or name their column with --funding-column funding=HEADER"
        )


def _read(
    path: Path, options: ReadingOptions, roles: Sequence[str], optional: Sequence[str]
) -> tuple[dict[str, FloatArray], IntArray, Understood]:
    table = _opened(path, options, roles)
    chosen = with_own(table.headers, options.columns) if optional[-1:] == OWN[-1:] else options.columns
    wanted = without_none((*roles, *(role for role in optional if role not in OWN or role in chosen)), chosen)
    found = roles_of(table.headers, wanted, chosen)
    _check_found(path, table, found, (*roles, *(set(wanted) & set(options.columns))))
    reader = _ChunkReader(path.name, table, found, options)
    columns, rows = reader.read()
    headers = {role: table.headers[i] for role, i in found.items()}
    return columns, rows, Understood(table.layout, headers, reader.markets.only())


def _opened(path: Path, options: ReadingOptions, roles: Sequence[str]) -> Table:
    first = magic(path)
    if first.startswith((PARQUET, FEATHER)):
        return open_arrow(path, first)
    return open_csv(
        path,
        options.delimiter,
        lambda cells: len(roles_of(cells, roles, options.columns)) == len(roles),
        ", ".join(roles),
    )


def _check_found(path: Path, table: Table, found: Mapping[str, int], needed: Sequence[str]) -> None:
    lacking = [role for role in needed if role not in found]
    if lacking:
        raise InvalidCandles(
            f"{path.name} has no column for {', '.join(lacking)} among {', '.join(table.headers)}: "
            f"name it with --column {lacking[0]}=HEADER"
        )


class _ChunkReader:
    """Turns a table's chunks into columns, one after the other, so that only one is held as text."""

    def __init__(self, source: str, table: Table, found: Mapping[str, int], options: ReadingOptions) -> None:
        self.source = source
        self.table = table
        self.found = found
        self.clock = clock_column(table.headers, found, options.columns)
        self.numbers = NumberReader(source, told(options.decimal, options.thousands), _machine_made(table))
        self.stamps = StampReader(source, options.time_format)
        self.where = _positions(source, table.headers, options)
        self.markets = Markets(source, table.headers, market_columns(table.headers), self.where)

    def read(self) -> tuple[dict[str, FloatArray], IntArray]:
        """Return all columns by role, the stamps' nanoseconds among them as raw bits, and the rows."""
        parts: dict[str, list[FloatArray]] = {role: [] for role in self.found}
        rows: list[IntArray] = []
        count = 0
        wanted = {*self.found.values(), *self.where, *self.markets.positions}
        wanted |= set() if self.clock is None else {self.clock}
        for chunk in self.table.chunks(sorted(wanted)):
            kept = self.markets.kept(chunk)
            count += len(kept)
            self._check_count(count)
            if len(kept):
                rows.append(kept.index.to_numpy(np.int64))
                for role, part in self._converted(kept):
                    parts[role].append(part)
        self.markets.check(count)
        # One column after the other, each part let go of as soon as it is copied.
        columns = {role: _joined(parts.pop(role)) for role in tuple(parts)}
        self.numbers.settle(columns)
        for column in columns.values():
            # Candles copy what could still be written to.
            column.flags.writeable = False
        return columns, _joined_rows(rows)

    def _converted(self, chunk: pd.DataFrame) -> list[tuple[str, FloatArray]]:
        converted = [("time", self.stamps.read(self._time_cells(chunk)).view(np.float64))]
        for role, position in self.found.items():
            if role != "time":
                cells = as_quotients(chunk[position]) if role == "splits" else chunk[position]
                converted.append((role, self.numbers.read(role, cells)))
        return converted

    def _time_cells(self, chunk: pd.DataFrame) -> pd.Series:
        dates = pointed(chunk[self.found["time"]])
        if self.clock is None or pd.api.types.is_datetime64_any_dtype(dates.dtype):
            return dates
        # A date that holds the time of day already needs no second column.
        if ":" in str(dates.iloc[0]):
            return dates
        return dates.astype(str) + " " + chunk[self.clock].astype(str)

    def _check_count(self, count: int) -> None:
        if count > MOST_CANDLES:
            raise InvalidCandles(
                f"{self.source} holds more than {MOST_CANDLES:,} rows: give a longer timeframe, "
                "or choose one market with --where COLUMN=VALUE"
            )


def _positions(source: str, headers: Sequence[str], options: ReadingOptions) -> dict[int, str]:
    names = [plain(header) for header in headers]
    possible = {header: value for header, value in options.where_possible.items() if plain(header) in names}
    where = {**possible, **options.where}
    positions = {}
    for header, value in where.items():
        if plain(header) not in names:
            raise InvalidCandles(
                f"{source} has no column {header!r} among {', '.join(headers)}: "
                f"correct --where {header}={value}"
            )
        positions[names.index(plain(header))] = value
    return positions


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)


def _machine_made(table: Table) -> bool:
    """Say whether no spreadsheet of a language with points between thousands wrote a file.

    Such a spreadsheet parts cells by semicolons or tabs, as MetaTrader does below headers such as <OPEN>.
    """
    return not isinstance(table, CsvTable) or table.delimiter == "," or table.headers[0].startswith("<")


def _joined_rows(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
