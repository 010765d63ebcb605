"""Columns as a source gave them, and the refusal of a row."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genepool.errors import InvalidCandles
from genepool.market.candles import PRICE_COLUMNS, FloatArray, IntArray
from genepool.remedies import Remedy

BoolArray = npt.NDArray[np.bool_]
COLUMNS = (*PRICE_COLUMNS, "volume", "funding")


@dataclass(frozen=True, eq=False)
class RawColumns:
    """Columns as a source gave them, in its order: nothing about them is promised yet.

    Parameters
    ----------
    stamps
        Opening times, nanoseconds since 1970 in UTC, shape (n,).
    open, high, low, close, volume, funding
        Shape (n,), float64; volume and funding may be None.
    rows
        Where each candle stands in the source, counted from 1, for messages.
    zone
        Of the market's clock, such as ``America/New_York``; empty where the source does not tell.
    splits
        New shares for an old one, in the first row at the new price; 0 or 1 elsewhere. Shape (n,) or None.
    """

    stamps: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray | None
    funding: FloatArray | None
    rows: IntArray
    zone: str = ""
    splits: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.stamps)

    def take(self, index: IntArray | BoolArray | slice) -> "RawColumns":
        """Return the candles that an index selects, in its order."""
        names = (*COLUMNS, "splits")
        held = {name: column[index] for name in names if (column := getattr(self, name)) is not None}
        return replace(self, stamps=self.stamps[index], rows=self.rows[index], **held)


def refuse(raw: RawColumns, wrong: BoolArray, source: str, what: str, *remedies: Remedy) -> None:
    """Raise over the first row that is wrong, if any.

    Parameters
    ----------
    raw, wrong
        The columns, and which rows of them break a rule.
    source
        Name of the file or venue.
    what
        What is the matter; ``{close}`` and the like stand for that row's values.
    remedies
        What to do about it.

    Raises
    ------
    InvalidCandles
        When any row is wrong.
    """
    if not wrong.any():
        return
    i, more = int(np.argmax(wrong)), int(np.count_nonzero(wrong)) - 1
    named = {name: getattr(raw, name)[i] for name in COLUMNS if f"{{{name}" in what}
    others = f" (and {more:,} more such rows)" if more else ""
    raise InvalidCandles(f"{source}, row {raw.rows[i]}: {what.format(**named)}{others}", *remedies)
