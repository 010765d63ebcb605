"""What was tried on which candles: statements over one connection."""

import struct
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from genepool.adapters.store.dialect import insert_missing, json_member, only_writer
from genepool.adapters.store.tables import common_candles, ledger, markets, runs
from genepool.robustness.ledger import KnownMarket, Name, Uncounted, counted_together, left_apart

# Whole numbers of eight bytes, the highest byte first.
_MARK = struct.Struct(">Q")


def know(connection: Connection, market: KnownMarket) -> None:
    """Insert what is remembered of a data set, and which others count with it, unless it is there."""
    if connection.execute(select(markets.c.digest).where(markets.c.digest == market.digest)).first():
        return
    # Two processes at once would not see each other's data set.
    only_writer(connection)
    packed = b"".join(map(_MARK.pack, sorted(market.marks)))
    connection.execute(
        insert_missing(connection, markets),
        {
            "digest": market.digest,
            "symbol": market.symbol,
            "timeframe": market.timeframe,
            "marks": b64encode(packed).decode("ascii"),
        },
    )
    others = counted_together(market.digest, _known(connection)) - {market.digest}
    pairs = [pair for other in sorted(others) for pair in ((market.digest, other), (other, market.digest))]
    if pairs:
        rows = [{"digest": digest, "other": other} for digest, other in pairs]
        connection.execute(insert_missing(connection, common_candles), rows)


def trials(connection: Connection, market_digest: str) -> int:
    """Return how many unique genomes were tried on the candles of a data set."""
    return _tried(connection, counted_together(market_digest, _known(connection)))


def trials_of_each(connection: Connection, digests: Collection[str]) -> dict[str, int]:
    """Return ``trials`` of several data sets."""
    known, counted = _known(connection), dict[frozenset[str], int]()
    found = {}
    for digest in digests:
        together = frozenset(counted_together(digest, known))
        if together not in counted:
            counted[together] = _tried(connection, together)
        found[digest] = counted[together]
    return found


def market_names(connection: Connection) -> dict[str, Name]:
    """Return what data sets were called when their candles became known, by digest."""
    query = select(markets.c.digest, markets.c.symbol, markets.c.timeframe)
    return {row.digest: (row.symbol, row.timeframe) for row in connection.execute(query)}


def uncounted(connection: Connection, market_digest: str) -> Uncounted:
    """Return what was tried on markets of the same name and is not among a data set's trials."""
    found = connection.execute(select(ledger.c.market_digest).distinct()).scalars().all()
    other, unknown = left_apart(market_digest, _known(connection), _names(connection), found)
    return Uncounted(_tried(connection, other), _tried(connection, unknown))


def _known(connection: Connection) -> dict[str, KnownMarket]:
    return {
        row.digest: KnownMarket(row.digest, row.symbol, row.timeframe, _marks(row.marks))
        for row in connection.execute(select(markets))
    }


def _marks(text: str) -> frozenset[int]:
    return frozenset(mark for (mark,) in _MARK.iter_unpack(b64decode(text)))


def _names(connection: Connection) -> dict[str, set[Name]]:
    names = defaultdict[str, set[Name]](set)
    symbol, timeframe = (json_member(connection, runs.c.spec, name) for name in ("symbol", "timeframe"))
    for digest, *name in connection.execute(select(runs.c.market_digest, symbol, timeframe).distinct()):
        names[digest].add((name[0], name[1]))
    return names


def _tried(connection: Connection, digests: Collection[str]) -> int:
    query = select(func.count(ledger.c.fingerprint.distinct())).where(ledger.c.market_digest.in_(digests))
    return connection.execute(query).scalar_one()
