"""The keys of the service in a SQL database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from genepool.adapters.store.access import Access
from genepool.adapters.store.service_tables import api_keys
from genepool.api_keys import ApiKey, Scope, fresh_secret, hash_of
from genepool.errors import KeyNotFound


class SqlKeyRing:
    """``KeyRing`` on a table of the history.

    Parameters
    ----------
    access
        The database.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def add(self, key: str, name: str, scope: Scope) -> ApiKey:
        """Let a key in."""
        values = {
            "name": name,
            "scope": scope,
            "hash": hash_of(key),
            "session_secret": fresh_secret(),
            "made_at": _now(),
        }
        with self._access.writing() as connection:
            return _key_of(connection.execute(insert(api_keys).values(**values).returning(api_keys)).one())

    def find(self, key: str) -> ApiKey | None:
        """Return what is known of a key, revoked ones too; None for a stranger's."""
        with self._access.reading() as connection:
            found = connection.execute(select(api_keys).where(api_keys.c.hash == hash_of(key))).first()
        return None if found is None else _key_of(found)

    def numbered(self, number: int) -> ApiKey | None:
        """Return the key of a number; None where there is none."""
        with self._access.reading() as connection:
            found = connection.execute(select(api_keys).where(api_keys.c.id == number)).first()
        return None if found is None else _key_of(found)

    def listed(self) -> Sequence[ApiKey]:
        """Return all of them, the oldest first."""
        with self._access.reading() as connection:
            return [_key_of(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id))]

    def revoke(self, number: int) -> ApiKey:
        """Let a key in no more."""
        fresh = (api_keys.c.id == number, api_keys.c.revoked_at.is_(None))
        with self._access.writing() as connection:
            connection.execute(update(api_keys).where(*fresh).values(revoked_at=_now()))
            row = connection.execute(select(api_keys).where(api_keys.c.id == number)).first()
        if row is None:
            raise KeyNotFound(f"there is no key {number}: `genepool keys list` shows those that are there")
        return _key_of(row)


def _key_of(row: Row[Any]) -> ApiKey:
    return ApiKey(row.id, row.name, row.scope, row.made_at, row.revoked_at, row.session_secret)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
