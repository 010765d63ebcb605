"""Parquet and feather files, streamed in record batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from genepool.adapters.files.tables import CHUNK_ROWS
from genepool.errors import InvalidCandles

PARQUET, FEATHER = b"PAR1", b"ARROW1"


@dataclass(frozen=True)
class ArrowTable:
    """An open Parquet or feather file."""

    path: Path
    headers: Sequence[str]
    kind: str

    @property
    def layout(self) -> str:
        """One phrase on how the file is laid out."""
        return self.kind

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions, typed as they are; see ``Table``."""
        names, first = [self.headers[i] for i in positions], 1
        try:
            for batch in self._batches(names):
                frame = batch.select(names).to_pandas(ignore_metadata=True)
                frame.columns = pd.Index(positions)
                frame.index = pd.RangeIndex(first, first + len(frame))
                first += len(frame)
                yield frame
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(self.path, error) from error

    def _batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        if self.kind == "Parquet":
            with pq.ParquetFile(self.path) as file:
                yield from file.iter_batches(batch_size=CHUNK_ROWS, columns=names)
        else:
            with pa.memory_map(str(self.path)) as source, pa.ipc.open_file(source) as file:
                for i in range(file.num_record_batches):
                    batch = file.get_batch(i)
                    for start in range(0, len(batch), CHUNK_ROWS):
                        yield batch.slice(start, CHUNK_ROWS)


def open_arrow(path: Path, first_bytes: bytes) -> ArrowTable:
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
    return ArrowTable(path, tuple(schema.names), kind)


def _damaged(path: Path, error: Exception) -> InvalidCandles:
    reason = str(error).splitlines()[0].rstrip(".")
    return InvalidCandles(f"{path.name} is damaged or cut short ({reason}): fetch or write it again")
