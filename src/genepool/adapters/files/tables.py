"""What every kind of file is read as: headers, and chunks of rows that know where they stood."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd

from genepool.adapters.files.foreign import ENOUGH
from genepool.adapters.files.limits import check_regular
from genepool.errors import InvalidCandles

# Rows held as text at once; what they become takes 8 bytes a cell.
CHUNK_ROWS = 20_000
_LONGEST_SHOWN = 60
# Asked of each line until one is the header.
IsHeader = Callable[[Sequence[str]], bool]


class Table(Protocol):
    """One open file."""

    @property
    def headers(self) -> Sequence[str]:
        """Headers in the file's order."""
        ...

    @property
    def layout(self) -> str:
        """One phrase on how the file is laid out."""
        ...

    @property
    def market(self) -> Mapping[str, str]:
        """Value by header of what the file says of its market beside its rows."""
        ...

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions, labelled by position and indexed by row from 1."""
        ...


def shown(cell: object) -> str:
    """Return a cell as a message quotes it, cut where it is long."""
    text = "" if pd.isna(cell) is True else str(cell)
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}...")


def check_cells(source: str, chunk: pd.DataFrame, longest: int) -> None:
    """Refuse text in a chunk that is longer than any number, time or name.

    Raises
    ------
    InvalidCandles
        With the first such cell's row.
    """
    for position in chunk:
        cells = chunk[position]
        too_long = cells.str.len() > longest
        if too_long.any():
            raise InvalidCandles(
                f"{source}, row {cells.index[too_long.argmax()]}: {shown(cells[too_long].iloc[0])} is longer "
                f"than {longest:,} characters: correct it"
            )


def magic(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises
    ------
    InvalidCandles
        When there is no such file, it cannot be read, is read only once or is empty.
    """
    try:
        check_regular(path)
        with path.open("rb") as file:
            first = file.read(ENOUGH)
    except OSError as error:
        raise InvalidCandles(f"{path} cannot be read ({error.strerror}): check the path") from error
    if not first:
        raise InvalidCandles(f"{path.name} is empty: give a file with candles")
    return first
