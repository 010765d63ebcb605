"""What an unfinished download has already got: one small Parquet file for each window of time."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from genepool.errors import StoreError
from genepool.market.candles import FloatArray
from genepool.names import file_stem


class DownloadedPages:
    """Windows of one market that need not be asked for again.

    Parameters
    ----------
    folder
        Folder of this one download; made when the first page is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of(cls, home: Path, *names: str) -> Self:
        """Return the pages of the download that these names tell from others."""
        parts = [file_stem(name) or name.encode().hex() for name in names if name]
        return cls(home / "downloads" / "_".join(parts))

    def __len__(self) -> int:
        return len(list(self._folder.glob("*.parquet")))

    def get(
        self, name: str, fields: Sequence[str], keep: bool, fetch: Callable[[], FloatArray]
    ) -> FloatArray:
        """Return a page, shape (n, fields), from the folder or else from the exchange.

        Parameters
        ----------
        name
            Name of the window.
        fields
            Names of the page's columns.
        keep
            Whether the window is over, so that asking again would give the same.
        fetch
            Asks the exchange.

        Raises
        ------
        StoreError
            When the page cannot be written.
        """
        path = self._folder / f"{name}.parquet"
        kept = _read(path, fields) if keep else None
        if kept is not None:
            return kept
        page = fetch()
        if keep:
            self._write(path, fields, page)
        return page

    def clear(self) -> None:
        """Forget all pages; the download is finished."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, path: Path, fields: Sequence[str], page: FloatArray) -> None:
        unfinished = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.table({name: page[:, k] for k, name in enumerate(fields)}), unfinished)
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise StoreError(
                f"{path} cannot be written ({error.strerror}): free space, or set GENEPOOL_HOME elsewhere"
            ) from error


def _read(path: Path, fields: Sequence[str]) -> FloatArray | None:
    """Return a kept page, or None when it is not there or was damaged: then it is asked for again."""
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        return np.column_stack([table.column(name).to_numpy() for name in fields])
    except (pa.ArrowException, OSError, KeyError):
        return None
