"""One Parquet file per symbol and timeframe, which proves its own content."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from genepool.adapters.files.limits import MOST_CANDLES, ArrowLimits
from genepool.adapters.files.parquet_pieces import check_pieces
from genepool.errors import InvalidCandles
from genepool.market.candles import PRICE_COLUMNS, Candles
from genepool.market.provenance import DataSet, Provenance
from genepool.market.timeframes import file_timeframe
from genepool.names import LONGEST_NAME, file_stem, fits

SUFFIX = ".parquet"
_COLUMNS = (*PRICE_COLUMNS, "volume", "funding")


@dataclass(frozen=True, slots=True)
class Label:
    """What a stored file says about itself without its candles being read."""

    symbol: str
    timeframe: str
    candles: int
    first: int
    last: int
    digest: str
    columns: tuple[str, ...]
    synthetic: bool
    provenance: Provenance


def store_folder(home: Path) -> Path:
    """Return the folder of imported candles."""
    return home / "candles"


def store_name(symbol: str, timeframe: str) -> str:
    """Return the name that a market is kept under, such as ``BTC_1h``; letters of any script stay.

    Raises
    ------
    InvalidCandles
        When the symbol has nothing that can stand in a file's name, or too much.
    """
    stem = file_stem(symbol)
    if symbol and not (stem and fits(stem)):
        raise InvalidCandles(
            f"a market cannot be kept under the name {symbol!r}: give --symbol with at least one letter or "
            f"digit, of any script, and {LONGEST_NAME} signs at most"
        )
    return f"{stem or 'market'}_{file_timeframe(timeframe)}"


def save(data: DataSet, folder: Path, *, replacing: bool = False) -> Path:
    """Write a data set, in one step: a reader sees the old file or the new one.

    Parameters
    ----------
    data
        What is kept.
    folder
        Where.
    replacing
        Whether it may take the place of a file of another symbol.

    Raises
    ------
    InvalidCandles
        When the folder cannot be written, or another symbol has the same name there.
    """
    candles = data.candles
    path = folder / f"{store_name(candles.symbol, candles.timeframe)}{SUFFIX}"
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = _other_spellings(path)
        if not replacing:
            for taken in (path, *others):
                _check_same_market(taken, candles.symbol)
        with unfinished.open("wb") as file:
            pq.write_table(_table(data), file, compression="zstd", compression_level=9)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        for other in others:
            other.unlink(missing_ok=True)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise InvalidCandles(
            f"{path} cannot be written ({error.strerror}): free space, or set GENEPOOL_HOME to another folder"
        ) from error
    return path


def _other_spellings(path: Path) -> list[Path]:
    """Return the files whose names differ from this one in capitals alone: ``--data`` takes any capitals."""
    wanted, stored = path.name.casefold(), sorted(path.parent.glob(f"*{SUFFIX}"))
    # Where capitals make no difference to the file system either, the other spelling is the file itself.
    return [
        other
        for other in stored
        if other.name != path.name
        and other.name.casefold() == wanted
        and not (path.exists() and other.samefile(path))
    ]


def _check_same_market(path: Path, symbol: str) -> None:
    if is_stored(path) and (held := read_label(path).symbol) != symbol:
        raise InvalidCandles(
            f"{path} holds {held} already, not {symbol}: choose another --symbol, or put it in its place "
            "with --replace"
        )


def load(path: Path) -> DataSet:
    """Read a stored file and prove that it holds what was written.

    Raises
    ------
    InvalidCandles
        When the file is damaged: its candles have another digest than its label says.
    """
    label = read_label(path)
    try:
        with pq.ParquetFile(path) as file:
            _check_size(path, file, label.columns)
            table = file.read(columns=["stamps", *label.columns])
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error
    columns = {name: _numbers(table.column(name)) for name in label.columns if name in table.column_names}
    if {*PRICE_COLUMNS, *label.columns} - columns.keys():
        raise _damaged(path)
    stamps = _numbers(table.column("stamps").cast(pa.int64()))
    candles = Candles(label.symbol, label.timeframe, stamps, synthetic=label.synthetic, **columns)
    if candles.digest != label.digest:
        raise _damaged(path)
    return DataSet(candles, label.provenance)


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    joined = column.combine_chunks()
    # Its own way to numpy loads pandas, which takes as long as all else that reads a file.
    return np.from_dlpack(joined) if joined.null_count == 0 else column.to_numpy()


def _check_size(path: Path, file: pq.ParquetFile, columns: Sequence[str]) -> None:
    """Refuse what ``save`` would never have written, before it is read: any program can write a label."""
    footer, kinds = file.metadata, {field.name: field.type for field in file.schema_arrow}
    rows = sum(footer.row_group(i).num_rows for i in range(footer.num_row_groups))
    if max(rows, footer.num_rows) > MOST_CANDLES:
        raise InvalidCandles(f"{path} holds more than {MOST_CANDLES:,} candles: delete it and import fewer")
    if not set(columns) <= set(_COLUMNS) or any(kinds.get(name) != pa.float64() for name in columns):
        raise _damaged(path)
    check_pieces(path, footer, ("stamps", *columns), ArrowLimits())


def read_label(path: Path) -> Label:
    """Read what a stored file says about itself.

    Raises
    ------
    InvalidCandles
        When the file is damaged or was not written by ``save``.
    """
    try:
        footer = pq.read_metadata(path)
        said = {key.decode(): value.decode() for key, value in (footer.metadata or {}).items()}
        return Label(
            symbol=said["symbol"],
            timeframe=said["timeframe"],
            candles=footer.num_rows,
            first=int(said["first"]),
            last=int(said["last"]),
            digest=said["digest"],
            columns=tuple(said["columns"].split(",")),
            synthetic=said["synthetic"] == "true",
            provenance=Provenance.from_json(said["provenance"]),
        )
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
        raise _damaged(path) from error


def is_stored(path: Path) -> bool:
    """Say whether a Parquet file carries the label of ``save``."""
    try:
        said = pq.read_metadata(path).metadata or {}
    except (pa.ArrowException, OSError):
        return False
    return {b"digest", b"provenance", b"timeframe"} <= said.keys()


def _table(data: DataSet) -> pa.Table:
    candles, provenance = data.candles, data.provenance
    held = [name for name in _COLUMNS if name in candles.columns]
    arrays = {"stamps": pa.array(candles.stamps, pa.timestamp("ns", "UTC"))}
    arrays |= {name: pa.array(getattr(candles, name)) for name in held}
    said = {
        "symbol": candles.symbol,
        "timeframe": candles.timeframe,
        "digest": candles.digest,
        "first": str(np.int64(candles.stamps[0])),
        "last": str(np.int64(candles.stamps[-1])),
        "columns": ",".join(held),
        "synthetic": "true" if candles.synthetic else "false",
        "source": provenance.source,
        "licence": provenance.licence,
        "repairs": "; ".join(provenance.repairs),
        "provenance": provenance.to_json(),
    }
    return pa.table(arrays).replace_schema_metadata(said)


def _damaged(path: Path) -> InvalidCandles:
    return InvalidCandles(f"{path} is damaged or was not written by genepool: delete it and import it again")
