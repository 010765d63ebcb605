"""Open the history that a URL names."""

import os
import socket
import uuid
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from genepool.adapters.store.access import Access
from genepool.adapters.store.claims import FileClaims
from genepool.adapters.store.copying import copy_history
from genepool.adapters.store.dialect import engine_of, unsafe_settings
from genepool.adapters.store.job_queue import SqlJobQueue
from genepool.adapters.store.key_ring import SqlKeyRing
from genepool.adapters.store.leases import LEASE_SECONDS, RENEWAL_SECONDS, Leases
from genepool.adapters.store.schema import check_layout, current, upgrade
from genepool.adapters.store.sql_store import SqlStore
from genepool.adapters.store.translation import translated
from genepool.errors import ConfigError, StoreError

_BUSY_SECONDS = 10.0
# As wide as the column.
_OWNER_SIZE = 80
_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRES = ("postgresql", "postgresql+psycopg")
_EXAMPLES = "sqlite:///data/genepool.sqlite or postgresql+psycopg://genepool@postgres:5432/genepool"


def embedded_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{path}"


def open_sql_store(
    url: str,
    *,
    password: str | None = None,
    owner: str | None = None,
    busy_seconds: float = _BUSY_SECONDS,
    lease_seconds: float = LEASE_SECONDS,
    renewal_seconds: float = RENEWAL_SECONDS,
) -> SqlStore:
    """Open a history; make or update a SQLite file, leave the layout of a server to ``upgrade_layout``.

    Parameters
    ----------
    url
        SQLAlchemy URL of a SQLite file or a Postgres database.
    password
        Password for the server, kept out of the URL.
    owner
        Who claims runs. One of the same name takes over from it at once, so give each coordinator its own;
        None for a name that nobody else has.
    busy_seconds
        How long to wait for another process that writes to the file, or for a free connection.
    lease_seconds, renewal_seconds
        How long a claim on a server lasts, and how often it is renewed.

    Raises
    ------
    ConfigError
        When the URL names neither.
    StoreAway
        When the server does not answer.
    StoreError
        When the history cannot be opened or has another layout; the message says what to do.
    """
    engine, place, file = _reach(url, password, busy_seconds)
    name = (owner or f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}")[-_OWNER_SIZE:]
    if file is not None:
        with translated(place):
            upgrade(engine)
        access = Access(engine, place, file)
        locks = FileClaims(Path(f"{file}.claims"), name)
        return SqlStore(access, locks, SqlJobQueue(access, name, lease_seconds), SqlKeyRing(access))
    try:
        with translated(place):
            check_layout(engine, place)
            _check_durability(engine, place)
    except StoreError:
        engine.dispose()
        raise
    access = Access(engine, place)
    leases = Leases(engine, name, place, lease_seconds, renewal_seconds)
    return SqlStore(access, leases, SqlJobQueue(access, name, lease_seconds), SqlKeyRing(access))


def layout_of(url: str, password: str | None = None) -> str | None:
    """Return the version of a history's layout; None when there is no history.

    Raises
    ------
    ConfigError, StoreAway, StoreError
        As ``open_store``.
    """
    file = _file_of(_parsed(url))
    if file is not None and not file.exists():
        return None
    engine, place, _ = _reach(url, password, _BUSY_SECONDS)
    try:
        with translated(place):
            return current(engine)
    finally:
        engine.dispose()


def upgrade_layout(url: str, password: str | None = None) -> None:
    """Bring a history up to date, or make an empty one; let the reader of dashboards read it.

    Raises
    ------
    ConfigError, StoreAway, StoreError
        As ``open_store``.
    """
    engine, place, _ = _reach(url, password, _BUSY_SECONDS)
    try:
        with translated(place):
            upgrade(engine)
    finally:
        engine.dispose()


def export_history(url: str, password: str | None, file: Path) -> int:
    """Copy a whole history to a new SQLite file; return the number of runs.

    Raises
    ------
    ConfigError, StoreAway, StoreError
        As ``open_store``, and when there is such a file already.
    """
    engine, place, _ = _reach(url, password, _BUSY_SECONDS)
    try:
        return copy_history(engine, place, file)
    finally:
        engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    # ValueError: a port that is no number.
    except (ArgumentError, ValueError):
        # It may hold a password, so it is not repeated; nor is what SQLAlchemy says of it.
        raise ConfigError(f"GENEPOOL_DATABASE_URL is no database URL: give one such as {_EXAMPLES}") from None
    nameless = parsed.database in (None, "", ":memory:")
    if parsed.drivername not in _SQLITE + _POSTGRES or nameless:
        raise ConfigError(
            f"GENEPOOL_DATABASE_URL names {parsed.render_as_string(hide_password=True)}: the history is a "
            f"SQLite file or a Postgres database, such as {_EXAMPLES}"
        )
    return parsed


def _file_of(url: URL) -> Path | None:
    if url.drivername in _POSTGRES:
        return None
    return Path(str(url.database).removeprefix("file:"))


def _reach(url: str, password: str | None, busy_seconds: float) -> tuple[Engine, str, Path | None]:
    parsed = _parsed(url)
    path = _file_of(parsed)
    if path is None:
        return _reach_server(parsed, password, busy_seconds)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {path.parent} of the history: {error.strerror}") from error
    return engine_of(url, busy_seconds), str(path), path


def _reach_server(url: URL, password: str | None, busy_seconds: float) -> tuple[Engine, str, None]:
    whole = url.set(drivername="postgresql+psycopg", password=password or url.password)
    place = f"{url.database} on {url.host or 'this machine'}:{url.port or 5432}"
    try:
        return engine_of(whole, busy_seconds), place, None
    except ModuleNotFoundError as error:
        raise ConfigError(
            "GENEPOOL_DATABASE_URL names a Postgres database, and its driver is not installed: "
            "pip install 'genepool[platform]'"
        ) from error


def _check_durability(engine: Engine, place: str) -> None:
    with engine.begin() as connection:
        unsafe = unsafe_settings(connection)
    if unsafe:
        raise StoreError(
            f"the history {place} would lose acknowledged generations in a power cut: its server runs with "
            f"{' and '.join(unsafe)} off; turn that on"
        )
