"""Rows that share a stamp: identical ones, and which of two that differ is kept."""

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.raw_columns import COLUMNS, RawColumns
from genepool.market.timeframes import utc
from genepool.remedies import Remedy, by_flag, to_fill_in

KEPT = ("first", "last")


def one_market() -> Remedy:
    """Return what a user may do whose file holds several markets."""
    return to_fill_in("choose one market with", "--where", "COLUMN=VALUE")


def one_of_twins(raw: RawColumns, kept: str) -> tuple[RawColumns, int]:
    """Return the columns with one row a stamp, in their order, and how many rows were left out.

    Parameters
    ----------
    raw
        Columns in the order of their source.
    kept
        Which row of those with one stamp stays, of ``KEPT``; empty to leave all of them.
    """
    if not kept:
        return raw, 0
    rows = raw.rows if kept == "first" else -raw.rows
    order = np.lexsort((rows, raw.stamps))
    twin = np.append(False, np.diff(raw.stamps[order]) == 0)
    keep = np.ones(len(raw), dtype=bool)
    keep[order[twin]] = False
    return raw.take(keep), int(np.count_nonzero(twin))


def refuse_different_twins(ordered_raw: RawColumns, source: str) -> None:
    """Refuse two rows of sorted columns that share a stamp and differ.

    Raises
    ------
    InvalidCandles
        With both rows.
    """
    twin = np.diff(ordered_raw.stamps) == 0
    for name in COLUMNS:
        column = getattr(ordered_raw, name)
        if column is None:
            continue
        clash = np.flatnonzero(twin & (column[1:] != column[:-1]))
        if len(clash):
            first, second = sorted(ordered_raw.rows[[clash[0], clash[0] + 1]].tolist())
            count = int(np.count_nonzero(twin))
            more = f" ({count:,} rows share a stamp)" if count > 1 else ""
            raise InvalidCandles(
                f"{source}, row {second}: its stamp {utc(ordered_raw.stamps[clash[0]])} is that of row "
                f"{first}, but its {name} differs{more}",
                *(by_flag("keep one of each with", "--twins", kept) for kept in KEPT),
                one_market(),
            )
