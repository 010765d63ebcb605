"""Every chain of the ledger with what it must agree with: statements over one connection."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, and_, func, select

from genepool.adapters.store import ledgers
from genepool.adapters.store.exam_book import looks_by_market
from genepool.adapters.store.ledger_tables import ledger_entries, ledger_heads
from genepool.adapters.store.tables import common_candles, ledger, lineage, markets, runs
from genepool.history import LedgerEntry, StoredChain, known_digest, trials_digest

# A data set may have a million trials: those of one entry are in memory at a time.
_IN_PARTS = {"yield_per": 10_000}


def chains(connection: Connection) -> list[StoredChain]:
    """Return the chain of every data set that the ledger tells of, those without any entry included."""
    heads = {digest: (number, hash_) for digest, number, hash_ in connection.execute(select(ledger_heads))}
    entries, common, left_out = _entries(connection), _common(connection), _left_out(connection)
    known, names = _known(connection), ledgers.market_names(connection)
    looks = _looks(connection)
    tried = set(connection.execute(select(ledger.c.market_digest).distinct()).scalars())
    return [
        StoredChain(
            digest,
            names.get(digest),
            heads.get(digest),
            entries.get(digest, ()),
            dict(_trials(connection, digest)),
            known.get(digest),
            frozenset(common.get(digest, ())),
            left_out.get(digest, {}),
            frozenset(looks.get(digest, ())),
        )
        for digest in sorted({*heads, *entries, *known, *common, *left_out, *looks, *tried})
    ]


def _entries(connection: Connection) -> dict[str, list[LedgerEntry]]:
    found = defaultdict[str, list[LedgerEntry]](list)
    for row in connection.execute(select(ledger_entries).order_by(ledger_entries.c.number)):
        found[row.market_digest].append(LedgerEntry(*row))
    return found


def _trials(connection: Connection, digest: str) -> Iterator[tuple[int, tuple[int, str]]]:
    query = select(ledger.c.entry, ledger.c.fingerprint, ledger.c.first_at)
    ordered = query.where(ledger.c.market_digest == digest).order_by(ledger.c.entry)
    rows = connection.execute(ordered, execution_options=_IN_PARTS)
    for number, of_entry in groupby(rows, itemgetter(0)):
        trials = [(fingerprint, first_at) for _, fingerprint, first_at in of_entry]
        yield number, (len(trials), trials_digest(trials))


def _known(connection: Connection) -> dict[str, str]:
    query = select(markets.c.digest, markets.c.symbol, markets.c.timeframe, markets.c.marks)
    return {digest: known_digest(*said) for digest, *said in connection.execute(query)}


def _common(connection: Connection) -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for digest, other in connection.execute(select(common_candles)):
        found[digest].add(other)
    return found


def _looks(connection: Connection) -> dict[str, set[str]]:
    return {
        digest: {look.digest for look in looks} | {one.outcome_digest for one in looks if one.sitting}
        for digest, looks in looks_by_market(connection).items()
    }


def _left_out(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many genomes of which run are not in the ledger, by data set."""
    entered = and_(
        ledger.c.market_digest == runs.c.market_digest, ledger.c.fingerprint == lineage.c.fingerprint
    )
    query = (
        select(runs.c.market_digest, runs.c.name, func.count(lineage.c.fingerprint.distinct()))
        .join_from(runs, lineage, lineage.c.run_id == runs.c.id)
        .join(ledger, entered, isouter=True)
        .where(ledger.c.fingerprint.is_(None))
        .group_by(runs.c.market_digest, runs.c.name)
    )
    found = defaultdict[str, dict[str, int]](dict)
    for digest, run, count in connection.execute(query):
        found[digest][run] = count
    return found
