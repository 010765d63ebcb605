"""What was tried on which data sets, as a list."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select

from genepool.adapters.store import ledgers
from genepool.adapters.store.ledger_accounts import origins
from genepool.adapters.store.ledger_tables import ledger_entries
from genepool.adapters.store.tables import datasets, ledger, runs
from genepool.history import LedgerLine, TrialOrigins


class _Seen(NamedTuple):
    """What the runs of a data set say of it."""

    symbol: str | None = None
    timeframe: str | None = None
    candles: int | None = None
    runs: int = 0


def page(connection: Connection, first: int, count: int) -> tuple[list[LedgerLine], int]:
    """Return some data sets, those tried on last first, and how many there are in all."""
    rows = connection.execute(_tried_on()).all()
    shown = rows[first : first + count]
    made = _origins_of_each(connection, [row.market_digest for row in shown])
    names, seen = ledgers.market_names(connection), _seen(connection)
    return [
        _line(row, made[row.market_digest], names, seen.get(row.market_digest, _Seen())) for row in shown
    ], len(rows)


def _tried_on() -> Select[Any]:
    """Select every data set that trials were made on, and when the first and the last of them were."""
    genomes = (
        select(ledger.c.market_digest, func.min(ledger.c.first_at).label("first_at"))
        .group_by(ledger.c.market_digest)
        .subquery()
    )
    last = func.max(ledger_entries.c.at).label("last_at")
    # What an older history held came with an entry that knows only when the last of it was tried.
    first = func.coalesce(func.min(genomes.c.first_at), func.min(ledger_entries.c.at)).label("first_at")
    return (
        select(ledger_entries.c.market_digest, first, last)
        .join(genomes, genomes.c.market_digest == ledger_entries.c.market_digest, isouter=True)
        .where(ledger_entries.c.trials > 0)
        .group_by(ledger_entries.c.market_digest)
        .order_by(last.desc(), ledger_entries.c.market_digest)
    )


def _origins_of_each(connection: Connection, digests: list[str]) -> dict[str, TrialOrigins]:
    counted = dict[frozenset[str], TrialOrigins]()
    found = {}
    for digest, together in ledgers.together_of_each(connection, digests).items():
        if together not in counted:
            counted[together] = origins(connection, together)
        found[digest] = counted[together]
    return found


def _line(
    row: Row[*tuple[Any, ...]], made: TrialOrigins, names: dict[str, tuple[str, str]], seen: _Seen
) -> LedgerLine:
    symbol, timeframe = names.get(row.market_digest, (seen.symbol, seen.timeframe))
    return LedgerLine(
        row.market_digest,
        symbol,
        timeframe,
        seen.candles,
        made.total,
        row.first_at,
        row.last_at,
        seen.runs,
        made,
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
