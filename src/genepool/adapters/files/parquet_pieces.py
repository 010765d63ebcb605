"""What a Parquet file unpacks to, by its own word; apart from the reader, whose pandas loads slowly."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from genepool.adapters.files.limits import ArrowLimits
from genepool.errors import InvalidCandles


def check_pieces(path: Path, footer: pq.FileMetaData, names: Sequence[str], limits: ArrowLimits) -> None:
    """Refuse a Parquet file in which one of these columns is unpacked to more than fits, before it is.

    Raises
    ------
    InvalidCandles
        With the row group and the remedy.
    """
    for i in range(footer.num_row_groups):
        group = footer.row_group(i)
        for piece in map(group.column, range(group.num_columns)):
            name, size = piece.path_in_schema.split(".")[0], piece.total_uncompressed_size
            if name in names and size > limits.piece_bytes:
                raise InvalidCandles(
                    f"{path.name}, row group {i + 1}: {name} unpacks to {size:,} bytes, more than "
                    f"{limits.piece_bytes:,}: write it with row groups of at most a million rows"
                )
