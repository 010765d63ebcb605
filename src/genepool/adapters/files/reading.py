"""Read one file of candles or funding rates into float64 columns, chunk by chunk."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from genepool.adapters.files.arrow_table import FEATHER, PARQUET, open_arrow
from genepool.adapters.files.cell_kinds import CellKind, kind_of
from genepool.adapters.files.csv_table import open_csv
from genepool.adapters.files.encodings import read_head
from genepool.adapters.files.foreign import refuse_foreign
from genepool.adapters.files.headers import (
    CANDLE_ROLES,
    FUNDING_ROLES,
    market_columns,
    names_all,
    plain,
    roles_of,
    telling_columns,
)
from genepool.adapters.files.joined_times import JoinedTimes, holds_clock
from genepool.adapters.files.json_records import begins_json
from genepool.adapters.files.json_table import open_json
from genepool.adapters.files.limits import MOST_CANDLES
from genepool.adapters.files.markets import Markets
from genepool.adapters.files.numbers import numbers
from genepool.adapters.files.opening_times import Stamps, opening_times
from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.adapters.files.tables import Table, magic
from genepool.adapters.files.time_columns import TimeChooser, TimeColumns, temporal
from genepool.adapters.files.times import StampReader
from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray, IntArray
from genepool.market.raw_columns import RawColumns


def read_candles(path: Path, options: ReadingOptions) -> tuple[RawColumns, Understood]:
    """Return a file's candles in the file's order.

    Raises
    ------
    InvalidCandles
        When the file cannot be read, lacks a column, holds several markets or a cell is no number.
    """
    optional = ("volume", "funding") if "funding" in options.columns else ("volume",)
    columns, stamps, understood = _read(path, options, CANDLE_ROLES, optional)
    opened = opening_times(stamps, options)
    scale = options.price_scale
    prices = {name: columns[name] if scale == 1 else columns[name] / scale for name in CANDLE_ROLES[1:]}
    raw = RawColumns(
        opened.stamps,
        **prices,
        volume=columns.get("volume"),
        funding=columns.get("funding"),
        rows=stamps.rows,
        zone=opened.zone,
    )
    return raw, replace(understood, zone=opened.zone, notes=(*stamps.notes, *opened.notes))


def read_funding(path: Path, options: ReadingOptions) -> tuple[IntArray, FloatArray, Understood]:
    """Return the stamps and rates of a funding file, in the file's order.

    Raises
    ------
    InvalidCandles
        As ``read_candles``.
    """
    columns, stamps, understood = _read(path, options, FUNDING_ROLES, ())
    return stamps.read, columns["funding"], understood


def _read(
    path: Path, options: ReadingOptions, roles: Sequence[str], optional: Sequence[str]
) -> tuple[dict[str, FloatArray], Stamps, Understood]:
    table = _opened(path, options, roles)
    found = _found(path.name, table, (*roles, *optional), options)
    _check_found(path, table, found, (*roles, *(set(optional) & set(options.columns))))
    times = _time_columns(path.name, table, found, options)
    found["time"] = times.time
    reader = _ChunkReader(path.name, table, found, times, options)
    columns, rows = reader.read()
    headers = {role: table.headers[i] for role, i in found.items()}
    if times.clock is not None:
        headers["time"] += f" and {table.headers[times.clock]}"
    read = columns["time"].view(np.int64)
    held = reader.stamps
    stamps = Stamps(path.name, read, rows, held.instants, held.offsets.zone(), held.notes())
    unused = telling_columns(table.headers, [*found.values(), *reader.where])
    market = {**table.market, **reader.markets.only()}
    return columns, stamps, Understood(table.layout, headers, market, unused=unused)


def _opened(path: Path, options: ReadingOptions, roles: Sequence[str]) -> Table:
    first = magic(path)
    refuse_foreign(path.name, first)
    if first.startswith((PARQUET, FEATHER)):
        return open_arrow(path, first)
    head = read_head(path)
    if begins_json(head.text):
        return open_json(path, head, options.header)
    return open_csv(
        path,
        options.delimiter,
        lambda cells: names_all(cells, roles, options.columns),
        ", ".join(roles),
        given=options.header,
        head=head,
    )


def _found(source: str, table: Table, roles: Sequence[str], options: ReadingOptions) -> dict[str, int]:
    """Return the position of each role; the first column may hold the time under any name, or under none."""
    try:
        found = roles_of(table.headers, roles, options.columns)
    except InvalidCandles as error:
        raise InvalidCandles(f"{source}: {error}") from error
    if "time" in found or "time" in options.columns or 0 in found.values():
        return found
    times = _time_columns(source, table, {"time": 0, **found}, options)
    sample = next(iter(table.chunks([times.time])), None)
    if sample is None or kind_of(sample[times.time]) in {CellKind.INSTANT, CellKind.DATE}:
        return {"time": times.time, **found}
    return found


def _check_found(path: Path, table: Table, found: Mapping[str, int], needed: Sequence[str]) -> None:
    lacking = [role for role in needed if role not in found]
    if lacking:
        raise InvalidCandles(
            f"{path.name} has no column for {', '.join(lacking)} among {', '.join(table.headers)}: "
            f"name it with --column {lacking[0]}=HEADER"
        )


def _time_columns(
    source: str, table: Table, found: Mapping[str, int], options: ReadingOptions
) -> TimeColumns:
    """Return where the times stand: by headers, unless the cells of another column are stronger."""
    suggested = TimeColumns(found["time"])
    positions = {found["time"], *temporal(table.headers, list(found.values()))}
    if len(positions) == 1:
        return suggested
    sample = next(iter(table.chunks(sorted(positions))), None)
    if sample is None or not len(sample):
        return suggested
    return TimeChooser(source, table.headers, sample).chosen(suggested, "time" in options.columns)


class _ChunkReader:
    """Turns a table's chunks into columns, one after the other, so that only one is held as text."""

    def __init__(
        self,
        source: str,
        table: Table,
        found: Mapping[str, int],
        times: TimeColumns,
        options: ReadingOptions,
    ) -> None:
        self.source = source
        self.table = table
        self.found = found
        self.clock = times.clock
        self.stamps = StampReader(source, options.time_format, table.headers[times.time])
        self.pairs = JoinedTimes(source, "" if times.clock is None else table.headers[times.clock])
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
        return {role: _joined(parts.pop(role)) for role in tuple(parts)}, _joined_rows(rows)

    def _converted(self, chunk: pd.DataFrame) -> list[tuple[str, FloatArray]]:
        converted = [("time", self.stamps.read(self._time_cells(chunk)).view(np.float64))]
        for role, position in self.found.items():
            if role != "time":
                converted.append((role, numbers(self.source, role, chunk[position])))
        return converted

    def _time_cells(self, chunk: pd.DataFrame) -> pd.Series:
        dates = chunk[self.found["time"]]
        if self.clock is None or holds_clock(dates):
            return dates
        return self.pairs.joined(dates, chunk[self.clock])

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
    column = np.concatenate(parts) if parts else np.empty(0)
    # Candles copy what could still be written to.
    column.flags.writeable = False
    return column


def _joined_rows(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
