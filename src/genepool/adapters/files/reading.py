"""Read one file of candles or funding rates into float64 columns, chunk by chunk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from genepool.adapters.files.arrow_table import FEATHER, PARQUET, open_arrow
from genepool.adapters.files.cell_kinds import CellKind, cell_kind, may_be_clock
from genepool.adapters.files.csv_table import CsvTable, open_csv, shows_header
from genepool.adapters.files.date_parts import clock_beside, clock_parts, date_parts
from genepool.adapters.files.encodings import read_head
from genepool.adapters.files.footers import WithoutFooter
from genepool.adapters.files.foreign import refuse_foreign
from genepool.adapters.files.funding_times import funding_times
from genepool.adapters.files.headers import (
    CANDLE_ROLES,
    FUNDING_ROLES,
    market_columns,
    names_all,
    plain_header,
    roles_of,
    telling_columns,
)
from genepool.adapters.files.joined_times import JoinedTimes, holds_clock
from genepool.adapters.files.json_records import begins_json
from genepool.adapters.files.json_table import open_json
from genepool.adapters.files.limits import MOST_CANDLES
from genepool.adapters.files.markets import Markets
from genepool.adapters.files.number_marks import told
from genepool.adapters.files.numbers import NumberReader, pointed
from genepool.adapters.files.opening_times import Stamps, check_opening, opening_times
from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.adapters.files.own_columns import OWN, as_quotients, with_own, without_none
from genepool.adapters.files.tables import Table, magic
from genepool.adapters.files.time_columns import TimeChooser, TimeColumns, temporal
from genepool.adapters.files.times import StampReader
from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray, IntArray
from genepool.market.raw_columns import RawColumns
from genepool.market.twins import one_market
from genepool.remedies import by_hand, to_fill_in

# Beside a rate that stands below a header of prices; in a funding file these hold zeros, or are not there.
_BESIDE = ("high", "low", "close")
# As freqtrade keeps them in lists, with zeros beside the rate.
_FREQTRADE = ("date", "open", "high", "low", "close", "volume")
_CANDLE_NAMES = frozenset({"open", "o", "rate"})


def read_candles(path: Path, options: ReadingOptions) -> tuple[RawColumns, Understood]:
    """Return a file's candles in the file's order.

    Raises
    ------
    InvalidCandles
        When the file cannot be read, lacks a column, holds several markets or a cell is no number.
    """
    columns, stamps, understood = _read(path, options, CANDLE_ROLES, ("volume", *OWN))
    check_opening(path.name, understood.columns["time"], options.stamps)
    opened = opening_times(stamps, options)
    scale = options.price_scale
    prices = {name: columns[name] if scale == 1 else columns[name] / scale for name in CANDLE_ROLES[1:]}
    optional = {name: columns.get(name) for name in ("volume", *OWN)}
    raw = RawColumns(opened.stamps, **prices, **optional, rows=stamps.rows, zone=opened.zone)  # type: ignore[arg-type] # prices are there
    return raw, replace(understood, zone=opened.zone, notes=(*stamps.notes, *opened.notes))


def read_funding(
    path: Path, options: ReadingOptions, candles_show_clock: bool = True
) -> tuple[IntArray, FloatArray, Understood]:
    """Return the stamps, in UTC, and rates of a funding file, in the file's order.

    Parameters
    ----------
    path, options
        The file, and what the user says of it.
    candles_show_clock
        Whether the stamps of the candles name no zone.

    Raises
    ------
    InvalidCandles
        As ``read_candles``, and when the clock of the stamps is not certain.
    """
    columns, stamps, understood = _read(path, options, FUNDING_ROLES, _BESIDE)
    _refuse_prices(path, columns, understood)
    # A row without a rate is none: what it lacks is seen when the rates are joined.
    given = ~np.isnan(columns["funding"])
    charged = funding_times(stamps, options, candles_show_clock)
    understood = replace(understood, notes=(*stamps.notes, *charged.notes))
    return charged.stamps[given], columns["funding"][given], understood


def _refuse_prices(path: Path, columns: Mapping[str, FloatArray], understood: Understood) -> None:
    """Refuse a file whose rates would be the opens of candles; freqtrade's has zeros beside the rates."""
    beside = [role for role in _BESIDE if role in columns and np.nan_to_num(columns[role]).any()]
    if beside and plain_header(understood.columns["funding"]) in _CANDLE_NAMES:
        header = understood.columns["funding"]
        others = ", ".join(understood.columns[role] for role in beside)
        raise InvalidCandles(
            f"{path.name} holds prices in {others}, so {header} is no funding rate",
            by_hand("give the file of the rates"),
            to_fill_in("name their column with", "--funding-column", "funding=HEADER"),
        )


def _read(
    path: Path, options: ReadingOptions, roles: Sequence[str], optional: Sequence[str]
) -> tuple[dict[str, FloatArray], Stamps, Understood]:
    table = _opened(path, options, roles)
    chosen = with_own(table.headers, options.columns) if optional[-1:] == OWN[-1:] else options.columns
    wanted = without_none((*roles, *(role for role in optional if role not in OWN or role in chosen)), chosen)
    found = _found(path.name, table, wanted, chosen)
    _check_found(path, table, found, (*roles, *(set(wanted) & set(options.columns))))
    times = _time_columns(path.name, table, found, options.columns)
    found["time"] = times.time
    reader = _ChunkReader(path.name, table, found, times, options)
    columns, rows = reader.read()
    headers = {role: table.headers[i] for role, i in found.items()}
    if times.parts is not None:
        headers["time"] = ", ".join(table.headers[i] for i in times.parts.positions)
    if times.clock is not None:
        headers["time"] += f" and {table.headers[times.clock]}"
    read = columns["time"].view(np.int64)
    held = reader.stamps
    notes = (*held.notes(), *reader.footer.notes())
    stamps = Stamps(path.name, read, rows, held.instants, held.zone(), notes)
    unused = telling_columns(table.headers, [*found.values(), *reader.where], "volume" in found)
    market = {**table.market, **reader.markets.only()}
    return (
        columns,
        stamps,
        Understood(table.layout, headers, market, unused=unused, shows_clock=not held.instants),
    )


def _opened(path: Path, options: ReadingOptions, roles: Sequence[str]) -> Table:
    first = magic(path)
    refuse_foreign(path.name, first)
    if first.startswith((PARQUET, FEATHER)):
        return open_arrow(path, first)

    def is_header(cells: Sequence[str]) -> bool:
        if names_all(cells, roles, options.columns):
            return True
        others = [role for role in roles if role != "time"]
        return date_parts(cells, []) is not None and names_all(cells, others, options.columns)

    named = partial(shows_header, path.name, options.delimiter, is_header, options.header)
    head = read_head(path, named)
    if begins_json(head.text):
        return open_json(path, head, options.header, usual=() if "open" in roles else _FREQTRADE)
    return open_csv(
        path,
        options.delimiter,
        is_header,
        ", ".join(roles),
        given=options.header,
        head=head,
    )


def _found(source: str, table: Table, roles: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Return the position of each role; the first column may hold the time under any name, or under none."""
    try:
        found = roles_of(table.headers, roles, chosen)
    except InvalidCandles as error:
        raise error.of(source) from error
    if "time" in found or "time" in chosen:
        return found
    parts = date_parts(table.headers, temporal(table.headers, list(found.values())))
    if parts is not None:
        return {"time": parts.positions[0], **found}
    if 0 in found.values():
        return found
    times = _time_columns(source, table, {"time": 0, **found}, chosen)
    sample = next(iter(table.chunks([times.time])), None)
    if (
        times.parts is not None
        or sample is None
        or cell_kind(sample[times.time]) in {CellKind.INSTANT, CellKind.DATE}
    ):
        return {"time": times.time, **found}
    return found


def _check_found(path: Path, table: Table, found: Mapping[str, int], needed: Sequence[str]) -> None:
    lacking = [role for role in needed if role not in found]
    flag = "--column" if "open" in needed else "--funding-column"
    if lacking:
        raise InvalidCandles(
            f"{path.name} has no column for {', '.join(lacking)} among {', '.join(table.headers)}",
            to_fill_in("name it with", flag, f"{lacking[0]}=HEADER"),
        )


def _time_columns(
    source: str, table: Table, found: Mapping[str, int], chosen: Mapping[str, str]
) -> TimeColumns:
    """Return where the times stand: by headers, unless the cells of another column are stronger."""
    others = [i for role, i in found.items() if role != "time"]
    parts = None if "time" in chosen else date_parts(table.headers, temporal(table.headers, others))
    if parts is not None:
        clock = clock_beside(table.headers, parts)
        sample = None if clock is None else next(iter(table.chunks([clock])), None)
        if clock is None or (sample is not None and may_be_clock(sample[clock])):
            return TimeColumns(parts.positions[0], clock, parts)
    clocked = None if "time" in chosen else clock_parts(table.headers, temporal(table.headers, others))
    if clocked is not None:
        day = clocked.positions[0]
        sample = next(iter(table.chunks([day])), None)
        # Beside a whole time the hour and the minute say nothing new.
        if sample is not None and cell_kind(sample[day]) is CellKind.DATE:
            return TimeColumns(day, None, clocked)
    suggested = TimeColumns(found["time"])
    positions = {found["time"], *temporal(table.headers, list(found.values()))}
    if len(positions) == 1:
        return suggested
    sample = next(iter(table.chunks(sorted(positions))), None)
    if sample is None or not len(sample):
        return suggested
    return TimeChooser(source, table.headers, sample).chosen(suggested, "time" in chosen)


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
        self.parts = times.parts
        self.numbers = NumberReader(source, told(options.decimal, options.thousands), _machine_made(table))
        self.stamps = StampReader(source, options.time_format, table.headers[times.time])
        self.pairs = JoinedTimes(source, "" if times.clock is None else table.headers[times.clock])
        self.where = _positions(source, table.headers, options)
        prices = [position for role, position in found.items() if role not in {"time", "volume"}]
        self.footer = WithoutFooter(times.time, prices)
        self.markets = Markets(source, table.headers, market_columns(table.headers), self.where)

    def read(self) -> tuple[dict[str, FloatArray], IntArray]:
        """Return all columns by role, the stamps' nanoseconds among them as raw bits, and the rows."""
        parts: dict[str, list[FloatArray]] = {role: [] for role in self.found}
        rows: list[IntArray] = []
        count = 0
        wanted = {*self.found.values(), *self.where, *self.markets.positions}
        wanted |= set() if self.clock is None else {self.clock}
        wanted |= set() if self.parts is None else set(self.parts.positions)
        for chunk in self._chunks(sorted(wanted)):
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

    def _chunks(self, wanted: list[int]) -> Iterator[pd.DataFrame]:
        chunks = self.table.chunks(wanted)
        return self.footer.of(chunks) if isinstance(self.table, CsvTable) else chunks

    def _converted(self, chunk: pd.DataFrame) -> list[tuple[str, FloatArray]]:
        converted = [("time", self.stamps.read(self._time_cells(chunk)).view(np.float64))]
        for role, position in self.found.items():
            if role != "time":
                cells = as_quotients(chunk[position]) if role == "splits" else chunk[position]
                converted.append((role, self.numbers.read(role, cells)))
        return converted

    def _time_cells(self, chunk: pd.DataFrame) -> pd.Series:
        dates = pointed(chunk[self.found["time"]]) if self.parts is None else self.parts.joined(chunk)
        if self.clock is None or holds_clock(dates):
            return dates
        return self.pairs.joined(dates, chunk[self.clock])

    def _check_count(self, count: int) -> None:
        if count > MOST_CANDLES:
            raise InvalidCandles(
                f"{self.source} holds more than {MOST_CANDLES:,} rows",
                by_hand("give a longer timeframe"),
                one_market(),
            )


def _positions(source: str, headers: Sequence[str], options: ReadingOptions) -> dict[int, str]:
    names = [plain_header(header) for header in headers]
    possible = {
        header: value for header, value in options.where_possible.items() if plain_header(header) in names
    }
    where = {**possible, **options.where}
    positions = {}
    for header, value in where.items():
        if plain_header(header) not in names:
            raise InvalidCandles(
                f"{source} has no column {header!r} among {', '.join(headers)}: "
                f"correct --where {header}={value}"
            )
        positions[names.index(plain_header(header))] = value
    return positions


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)


def _machine_made(table: Table) -> bool:
    """Say whether no spreadsheet of a language with points between thousands wrote a file.

    Such a spreadsheet parts cells by semicolons or tabs, as MetaTrader does below headers such as <OPEN>.
    """
    return (
        not isinstance(table, CsvTable) or table.header.delimiter == "," or table.headers[0].startswith("<")
    )


def _joined_rows(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
