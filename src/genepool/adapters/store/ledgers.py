"""What was tried on which candles: statements over one connection."""

import struct
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select, update

from genepool.adapters.store.chaining import append
from genepool.adapters.store.dialect import insert_missing, json_member, only_writer
from genepool.adapters.store.ledger_tables import ledger_entries, ledger_heads
from genepool.adapters.store.tables import common_candles, ledger, markets, runs
from genepool.history import NewEntry, known_digest
from genepool.robustness.ledger import KnownMarket, Name, Uncounted, counted_together, left_apart

# Whole numbers of eight bytes, the highest byte first.
_MARK = struct.Struct(">Q")


def know(connection: Connection, market: KnownMarket, now: str) -> None:
    """Remember a data set, and which others count with it; of one that is known more marks, or nothing."""
    if not _tells_more(connection, market):
        return
    # Two processes at once would not see each other's data set.
    only_writer(connection)
    before = _known(connection).get(market.digest)
    if before is None:
        connection.execute(insert(markets).values(**_row(market)))
    elif before.marks < market.marks:
        market = replace(before, marks=market.marks)
        known_again = update(markets).where(markets.c.digest == market.digest)
        connection.execute(known_again.values(**_row(market)))
    else:
        return
    said = known_digest(market.symbol, market.timeframe, _row(market)["marks"])
    append(connection, market.digest, NewEntry("known", 0, said, "", now))
    _join(connection, market.digest, now)


def _tells_more(connection: Connection, market: KnownMarket) -> bool:
    """Whether a data set is new, or an older GenePool found fewer marks in it."""
    query = select(markets.c.marks).where(markets.c.digest == market.digest)
    stored = connection.execute(query).scalar_one_or_none()
    return stored is None or _marks(stored) < market.marks


def _row(market: KnownMarket) -> dict[str, str]:
    stored = b64encode(b"".join(map(_MARK.pack, sorted(market.marks)))).decode("ascii")
    return {
        "digest": market.digest, "symbol": market.symbol, "timeframe": market.timeframe, "marks": stored
    }  # fmt: skip


def _join(connection: Connection, market_digest: str, now: str) -> None:
    """Note which data sets count with one, in either's chain, those that are not noted yet."""
    query = select(common_candles.c.other).where(common_candles.c.digest == market_digest)
    noted = {market_digest, *connection.execute(query).scalars()}
    others = sorted(counted_together(market_digest, _known(connection)) - noted)
    pairs = [pair for other in others for pair in ((market_digest, other), (other, market_digest))]
    if pairs:
        rows = [{"digest": digest, "other": other} for digest, other in pairs]
        connection.execute(insert_missing(connection, common_candles), rows)
    for digest, other in pairs:
        append(connection, digest, NewEntry("joined", 0, "", other, now))


def trials(connection: Connection, market_digest: str) -> int:
    """Return how many unique genomes were tried on the candles of a data set."""
    return _tried(connection, counted_together(market_digest, _known(connection)))


def together(connection: Connection, market_digest: str, marks: frozenset[int] = frozenset()) -> set[str]:
    """Return the data sets whose tries count for one, itself included; an unknown one counts by marks."""
    known = _known(connection)
    known.setdefault(market_digest, KnownMarket(market_digest, "", "", marks))
    return counted_together(market_digest, known)


def together_of_each(connection: Connection, digests: Collection[str]) -> dict[str, frozenset[str]]:
    """Return which data sets count together with each of several."""
    known = _known(connection)
    return {digest: frozenset(counted_together(digest, known)) for digest in digests}


def market_names(connection: Connection) -> dict[str, Name]:
    """Return what data sets were called when their candles became known, by digest."""
    query = select(markets.c.digest, markets.c.symbol, markets.c.timeframe)
    return {row.digest: (row.symbol, row.timeframe) for row in connection.execute(query)}


def uncounted(connection: Connection, market_digest: str) -> Uncounted:
    """Return what was tried on markets of the same name and is not among a data set's trials."""
    found = connection.execute(select(ledger_heads.c.market_digest)).scalars().all()
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


def genomes(connection: Connection, digests: Collection[str]) -> int:
    """Return how many unique genomes were tried on some data sets."""
    query = select(func.count(ledger.c.fingerprint.distinct())).where(ledger.c.market_digest.in_(digests))
    return connection.execute(query).scalar_one()


def declared(connection: Connection, digests: Collection[str]) -> int:
    """Return how many trials were declared on some data sets: they have no genome that could be known."""
    of_these = ledger_entries.c.market_digest.in_(digests), ledger_entries.c.what == "declared"
    query = select(func.coalesce(func.sum(ledger_entries.c.trials), 0)).where(*of_these)
    return int(connection.execute(query).scalar_one())


def _tried(connection: Connection, digests: Collection[str]) -> int:
    return genomes(connection, digests) + declared(connection, digests)
