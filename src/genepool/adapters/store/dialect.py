"""All that one SQL engine does otherwise than another."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Engine,
    Insert,
    Table,
    bindparam,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.sql import func

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    # In WAL mode NORMAL survives the death of the process; only a power cut may lose the last commits.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 1000",
)
# Execution option of transactions that write.
WRITES = "genepool_writes"

_POSTGRES = {
    "connect_timeout": 3,
    "application_name": "genepool",
    # A server that vanished without a word is noticed within about 15 seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "options": " ".join(
        f"-c {setting}"
        for setting in (
            # Whatever the server's default: what is acknowledged is on disk.
            "synchronous_commit=on",
            "timezone=UTC",
            "lock_timeout=30s",
            "statement_timeout=120s",
            # A coordinator that vanished or froze in a transaction must not keep its run locked.
            "idle_in_transaction_session_timeout=60s",
            "tcp_keepalives_idle=5",
            "tcp_keepalives_interval=3",
            "tcp_keepalives_count=3",
            "tcp_user_timeout=15000",
        )
    ),
}
# Any number, as long as nobody else locks the same one.
_MIGRATOR = 0x67656E65


def connect(url: str | URL, busy_seconds: float) -> Engine:
    """Return an engine set up for its database.

    Parameters
    ----------
    url
        SQLAlchemy URL.
    busy_seconds
        How long a SQLite transaction waits for another one, and everybody for a free connection.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_timeout=busy_seconds, connect_args=_POSTGRES)
    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def seeing_one_state(engine: Engine) -> Engine:
    """Return an engine whose transactions only read, and see one state however many queries they make."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def insert_missing(connection: Connection, table: Table) -> Insert:
    """Return an insert that leaves rows alone whose key is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, missing: bool = False
) -> None:
    """Insert rows in the order given.

    Parameters
    ----------
    connection, table
        Where.
    rows
        All with the same columns.
    missing
        Whether rows are left alone whose key is there already.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert_missing(connection, table) if missing else table.insert(), rows)
        return
    # One statement with an array a column: a statement a row keeps the server twice as busy.
    names = list(rows[0])
    columns = [
        bindparam(name, [row[name] for row in rows], postgresql.ARRAY(table.c[name].type)) for name in names
    ]
    given = select(func.unnest(*columns).table_valued(*names).render_derived())
    statement = postgresql.insert(table).from_select(names, given)
    connection.execute(statement.on_conflict_do_nothing() if missing else statement)


def server_seconds() -> ColumnElement[float]:
    """Return the unix time by Postgres' clock: the clocks of coordinators may differ."""
    return sql_cast(func.extract("epoch", func.clock_timestamp()), Double)


def only_migrator(connection: Connection) -> None:
    """Wait until no other process migrates; the lock lasts as long as the transaction."""
    if connection.dialect.name == "sqlite":
        return
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        # A large history may take its time.
        connection.execute(text(f"SET LOCAL {limit} = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATOR})


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table that others refer to; to be entered before the transaction."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    # Inside of a transaction the pragma does nothing, and dropping a table deletes what refers to it.
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def keep_writers_out(connection: Connection, table: Table) -> None:
    """Let nobody else write to a table until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))


def unsafe_settings(connection: Connection) -> list[str]:
    """Return which of the settings are off that keep a Postgres' acknowledged writes."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    found = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in names}
    return [name for name, value in found.items() if value == "off"]


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own implicit BEGIN would leave DDL and reads outside of transactions.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that writes takes the lock at once: one that upgrades later may fail half-way.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
