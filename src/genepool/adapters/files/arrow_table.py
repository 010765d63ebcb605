"""Parquet and feather files, streamed in record batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genepool.adapters.files.levels import without_levels
from genepool.adapters.files.limits import ArrowLimits
from genepool.adapters.files.parquet_pieces import check_pieces
from genepool.adapters.files.tables import CHUNK_ROWS
from genepool.errors import InvalidCandles
from genepool.remedies import to_fill_in

PARQUET, FEATHER = b"PAR1", b"ARROW1"


@dataclass(frozen=True)
class ArrowTable:
    """An open Parquet or feather file."""

    path: Path
    schema: pa.Schema
    kind: str
    limits: ArrowLimits

    @property
    def headers(self) -> Sequence[str]:
        """Headers in the file's order."""
        return self._levels[0]

    @property
    def layout(self) -> str:
        """One phrase on how the file is laid out."""
        return self.kind

    @property
    def market(self) -> Mapping[str, str]:
        """What the second of two levels of headers says of it."""
        return self._levels[1]

    @cached_property
    def _levels(self) -> tuple[Sequence[str], Mapping[str, str]]:
        return without_levels(self.path.name, self.schema.names)

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions, typed as they are; see ``Table``."""
        names, first = [self.schema.names[i] for i in positions], 1
        try:
            for batch in self._batches(names):
                frame = self._checked(batch.select(names), first).to_pandas(ignore_metadata=True)
                frame.columns = pd.Index(positions)
                frame.index = pd.RangeIndex(first, first + len(frame))
                first += len(frame)
                yield frame
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(self.path, error) from error

    def _batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        if self.kind == "Parquet":
            # A text that many rows repeat is held once: written out, it may be a thousand times the file.
            texts = [name for name in names if _is_text(self.schema.field(name).type)]
            with pq.ParquetFile(self.path, read_dictionary=texts) as file:
                check_pieces(self.path, file.metadata, names, self.limits)
                yield from file.iter_batches(batch_size=CHUNK_ROWS, columns=names)
        else:
            fields = [self.schema.get_field_index(name) for name in names]
            options = pa.ipc.IpcReadOptions(included_fields=fields)
            with pa.memory_map(str(self.path)) as source, pa.ipc.open_file(source, options=options) as file:
                for i in range(file.num_record_batches):
                    batch = file.get_batch(i)
                    for start in range(0, len(batch), CHUNK_ROWS):
                        yield batch.slice(start, CHUNK_ROWS)

    def _checked(self, batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
        """Return a batch with its texts written out, none of which is too long."""
        columns = [self._written_out(name, batch.column(name), first) for name in batch.schema.names]
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _written_out(self, name: str, column: pa.Array, first: int) -> pa.Array:
        packed = pa.types.is_dictionary(column.type)
        values = column.dictionary if packed else column
        if pa.types.is_nested(values.type):
            another = to_fill_in("name another with", "--column")
            raise InvalidCandles(f"{self.path.name}: {name} holds lists", another)
        if _is_text(values.type):
            longest = pc.max(pc.binary_length(values)).as_py() or 0
            if longest > self.limits.cell:
                raise InvalidCandles(
                    f"{self.path.name}, row {first} or one of the next {len(column):,}: {name} is a text of "
                    f"{longest:,} bytes, more than {self.limits.cell:,}: correct it"
                )
        return column.dictionary_decode() if packed else column


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_large_binary(kind)
    )


def open_arrow(path: Path, first_bytes: bytes, limits: ArrowLimits | None = None) -> ArrowTable:
    """Read the headers of a Parquet or feather file.

    Raises
    ------
    InvalidCandles
        When the file is damaged or cut short.
    """
    kind = "Parquet" if first_bytes.startswith(PARQUET) else "feather"
    try:
        if kind == "Parquet":
            schema = pq.read_schema(path)
        else:
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
                schema = file.schema
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    twins = sorted(name for name in set(schema.names) if schema.names.count(name) > 1)
    if twins:
        raise InvalidCandles(f"{path.name} has two columns named {twins[0]!r}: rename or drop one of them")
    return ArrowTable(path, schema, kind, limits or ArrowLimits())


def _damaged(path: Path, error: Exception) -> InvalidCandles:
    reason = str(error).splitlines()[0].rstrip(".")
    return InvalidCandles(f"{path.name} is damaged or cut short ({reason}): fetch or write it again")
