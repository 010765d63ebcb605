"""Writes of the ledger, each with its entry in the data set's chain: statements over one connection."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, insert, select, update

from genepool.adapters.store.dialect import among, insert_rows
from genepool.adapters.store.ledger_tables import ledger_entries, ledger_heads
from genepool.adapters.store.tables import ledger
from genepool.errors import StoreError
from genepool.history import NO_HASH, EntryKind, NewEntry, linked, trials_digest


def append(connection: Connection, market_digest: str, new: NewEntry) -> int:
    """Add an entry to a chain, and return its number.

    The caller is the only writer, or two would write the same number: ``dialect.only_writer``.
    """
    of_chain = ledger_heads.c.market_digest == market_digest
    head = connection.execute(
        select(ledger_heads.c.number, ledger_heads.c.hash).where(of_chain)
    ).one_or_none()
    number, previous = (head.number, head.hash) if head else (0, NO_HASH)
    entry = linked(market_digest, number + 1, new, previous)
    connection.execute(insert(ledger_entries), asdict(entry))
    moved = {"number": entry.number, "hash": entry.hash}
    if head is None:
        connection.execute(insert(ledger_heads), {"market_digest": market_digest, **moved})
        return entry.number
    same = of_chain, ledger_heads.c.number == number, ledger_heads.c.hash == previous
    if connection.execute(update(ledger_heads).where(*same).values(**moved)).rowcount != 1:
        raise StoreError(f"the ledger of data set {market_digest[:12]} was written by two at once: try again")
    return entry.number


def note_trials(
    connection: Connection,
    market_digest: str,
    what: EntryKind,
    who: str,
    fingerprints: Sequence[str],
    now: str,
    note: str = "",
) -> int:
    """Enter trials in the ledger of a data set, those that are not there yet; return how many.

    Parameters
    ----------
    connection, market_digest
        Where; the caller is the only writer.
    what, note
        What the entry of the chain says.
    who
        Name of the run, or who else tried them.
    fingerprints
        Of the genomes.
    now
        The time, as it is stored.
    """
    there = _there(connection, market_digest, fingerprints)
    fresh = [fingerprint for fingerprint in dict.fromkeys(fingerprints) if fingerprint not in there]
    if fresh:
        digest = trials_digest((fingerprint, now) for fingerprint in fresh)
        number = append(connection, market_digest, NewEntry(what, len(fresh), digest, note, now))
        names = "market_digest", "fingerprint", "first_run", "first_at", "entry"
        rows = [(market_digest, fingerprint, who, now, number) for fingerprint in fresh]
        insert_rows(connection, ledger, names, rows)
    return len(fresh)


def _there(connection: Connection, market_digest: str, fingerprints: Sequence[str]) -> set[str]:
    query = select(ledger.c.fingerprint).where(ledger.c.market_digest == market_digest)
    return {
        fingerprint
        for condition in among(connection, ledger.c.fingerprint, fingerprints)
        for fingerprint in connection.execute(query.where(condition)).scalars()
    }
