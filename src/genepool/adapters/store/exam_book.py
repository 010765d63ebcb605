"""Looks at sealed candles, on the tables of the history."""

import json
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from genepool.adapters.store import ledgers
from genepool.adapters.store.access import Access
from genepool.adapters.store.chaining import append
from genepool.adapters.store.dialect import only_writer
from genepool.adapters.store.exam_tables import sealed_looks
from genepool.adapters.store.tables import runs
from genepool.errors import StoreError
from genepool.history import ATTEMPTS, EntryKind, NewEntry, NewLook, RunSpec, SealedLook
from genepool.robustness.exam import Sitting


class SqlExamBook:
    """``ExamBook`` in the history's database.

    Parameters
    ----------
    access
        The database.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def sealed_looks(self, market_digest: str, marks: frozenset[int] = frozenset()) -> list[SealedLook]:
        """Return all looks at a market's sealed candles, the oldest first."""
        with self._access.reading() as connection:
            return _looks(connection, ledgers.together(connection, market_digest, marks))

    def note_look(self, market_digest: str, new: NewLook, marks: frozenset[int] = frozenset()) -> SealedLook:
        """Count a look unless its question was asked or the market was unsealed, and return what stands."""
        with self._access.writing() as connection:
            only_writer(connection)
            there = _looks(connection, ledgers.together(connection, market_digest, marks))
            for look in there:
                if look.question == new.question:
                    return look
            for look in there:
                if look.what == "unsealed":
                    return look
            return _count(connection, market_digest, new, there)

    def keep_sitting(self, question: str, sitting: Sitting) -> SealedLook:
        """Write what the champion of an exam showed; what is written stays."""
        with self._access.writing() as connection:
            only_writer(connection)
            asked = select(sealed_looks).where(sealed_looks.c.question == question)
            row = connection.execute(asked).one_or_none()
            if row is None:
                raise StoreError("the attempt at the exam is not in the history any more: sit it again")
            look = _look(row)
            if look.sitting is not None:
                return look
            kept = replace(look, sitting=sitting)
            written = update(sealed_looks).where(sealed_looks.c.question == question)
            connection.execute(written.values(sitting=json.dumps(asdict(sitting), allow_nan=False)))
            _enter(connection, "examined", kept, kept.outcome_digest)
            return kept

    def sealing_runs(self, market_digest: str, marks: frozenset[int] = frozenset()) -> list[RunSpec]:
        """Return the recorded runs of a market, the oldest first."""
        with self._access.reading() as connection:
            ours = runs.c.market_digest.in_(ledgers.together(connection, market_digest, marks))
            found = connection.execute(select(runs.c.spec).where(ours).order_by(runs.c.id)).scalars()
            return [RunSpec.from_json(text) for text in found]


def looks_by_market(connection: Connection) -> dict[str, list[SealedLook]]:
    """Return every look by the digest of its data set."""
    found: dict[str, list[SealedLook]] = {}
    for row in connection.execute(select(sealed_looks).order_by(sealed_looks.c.at, sealed_looks.c.number)):
        found.setdefault(row.market_digest, []).append(_look(row))
    return found


def _count(
    connection: Connection, market_digest: str, new: NewLook, there: Collection[SealedLook]
) -> SealedLook:
    made = sum(look.what in ATTEMPTS for look in there)
    number = made + (new.what in ATTEMPTS)
    look = SealedLook(market_digest, number, new.question, new.what, new.run, new.fingerprint, _now())
    row = {name: value for name, value in asdict(look).items() if name != "sitting"}
    connection.execute(insert(sealed_looks), row)
    _enter(connection, "look", look, look.digest)
    return look


def _enter(connection: Connection, what: EntryKind, look: SealedLook, digest: str) -> None:
    note = f"{look.what} of run {look.run}"
    append(connection, look.market_digest, NewEntry(what, 0, digest, note, _now()))


def _looks(connection: Connection, digests: Collection[str]) -> list[SealedLook]:
    ours = select(sealed_looks).where(sealed_looks.c.market_digest.in_(digests))
    rows = connection.execute(ours.order_by(sealed_looks.c.at, sealed_looks.c.number))
    return [_look(row) for row in rows]


def _look(row: Row[Any]) -> SealedLook:
    found = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for a row's columns
    text = found.pop("sitting")
    return SealedLook(**found, sitting=None if text is None else Sitting(**json.loads(text)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
