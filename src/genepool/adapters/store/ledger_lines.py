"""What was tried on which data sets, as a list."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from genepool.adapters.store import ledgers
from genepool.adapters.store.tables import datasets, ledger, runs
from genepool.history import LedgerLine


class _Seen(NamedTuple):
    """What the runs of a data set say of it."""

    symbol: str | None = None
    timeframe: str | None = None
    candles: int | None = None
    runs: int = 0


def page(connection: Connection, first: int, count: int) -> tuple[list[LedgerLine], int]:
    """Return some data sets, those tried on last first, and how many there are in all."""
    last = func.max(ledger.c.first_at).label("last_at")
    query = (
        select(ledger.c.market_digest, func.min(ledger.c.first_at).label("first_at"), last)
        .group_by(ledger.c.market_digest)
        .order_by(last.desc(), ledger.c.market_digest)
    )
    rows = connection.execute(query).all()
    shown = rows[first : first + count]
    trials = ledgers.trials_of_each(connection, [row.market_digest for row in shown])
    names, seen = ledgers.market_names(connection), _seen(connection)
    return [_line(row, trials, names, seen.get(row.market_digest, _Seen())) for row in shown], len(rows)


def _line(
    row: Row[*tuple[Any, ...]], trials: dict[str, int], names: dict[str, tuple[str, str]], seen: _Seen
) -> LedgerLine:
    symbol, timeframe = names.get(row.market_digest, (seen.symbol, seen.timeframe))
    return LedgerLine(
        row.market_digest,
        symbol,
        timeframe,
        seen.candles,
        trials[row.market_digest],
        row.first_at,
        row.last_at,
        seen.runs,
    )


def _seen(connection: Connection) -> dict[str, _Seen]:
    query = (
        select(
            runs.c.market_digest,
            func.min(datasets.c.symbol),
            func.min(datasets.c.timeframe),
            func.max(datasets.c.candles),
            func.count(),
        )
        .join(datasets, datasets.c.digest == runs.c.data_digest)
        .group_by(runs.c.market_digest)
    )
    return {digest: _Seen(*said) for digest, *said in connection.execute(query)}
