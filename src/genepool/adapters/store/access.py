"""One way into the database for all that a store does."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from genepool.adapters.store.dialect import WRITES, seeing_one_state
from genepool.adapters.store.translation import translated
from genepool.errors import StoreError

# Of the server and the database in it, whatever name or tunnel leads there.
_SERVER = text("SELECT system_identifier, current_database() FROM pg_control_system()")
_DIGITS = 16


class Access:
    """Transactions that end in a sentence when they fail.

    Parameters
    ----------
    engine
        The database.
    place
        How the user knows it, for messages.
    file
        The file that must stay the same while it is in use; None for a server.
    """

    def __init__(self, engine: Engine, place: str, file: Path | None = None) -> None:
        self._engine = engine
        self._reads = seeing_one_state(engine)
        self._writes = engine.execution_options(**{WRITES: True})
        self._place = place
        self._path = file
        self._file = _identity(file)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection inside a transaction that only reads."""
        with self._transaction(self._reads) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection inside a transaction that writes."""
        with self._transaction(self._writes) as connection:
            yield connection

    def identity(self) -> str:
        """Return what tells this database from every other to all who reach it; empty when unknown."""
        if self._path is not None:
            return _digest(self._file) if self._file else ""
        try:
            with self.reading() as connection:
                return _digest(tuple(connection.execute(_SERVER).one()))
        except StoreError:
            return ""

    def close(self) -> None:
        """Let go of connections; may be called twice."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        self._check_file()
        with translated(self._place), engine.begin() as connection:
            yield connection
            # Writing to a file that has lost its name succeeds, and is lost with the process.
            self._check_file()

    def _check_file(self) -> None:
        if _identity(self._path) != self._file:
            raise StoreError(
                f"the history {self._place} was deleted or replaced while it was in use: put it back and "
                "resume the run, or start a new one"
            )


def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_DIGITS]


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Return what stays equal as long as a path names the same file; None when there is none."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
