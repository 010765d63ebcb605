"""All that one SQL engine does otherwise than another."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Double,
    Engine,
    Insert,
    Table,
    Text,
    any_,
    collate,
    create_engine,
    event,
    literal,
    select,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
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
# A connection beyond those kept is opened for one request, which costs a process on the server and 4,096
# rounds of hashing here: a burst of ten requests is no reason to.
_POOL = {"pool_size": 12, "max_overflow": 3, "pool_use_lifo": True}

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
# Any numbers, as long as nobody else locks the same ones.
_MIGRATOR = 0x67656E65
_WRITER = 0x67656E66
_TAKER = 0x67656E67
# Table by table: bytes of the rows, with what is stored beside them, and of all indexes.
_POSTGRES_TABLES = """
    SELECT relname, pg_table_size(relid), pg_indexes_size(relid) FROM pg_stat_user_tables
    WHERE schemaname = 'public'
"""
_SQLITE_TABLES = """
    SELECT things.tbl_name,
           SUM(CASE WHEN things.type = 'table' THEN pages.pgsize ELSE 0 END),
           SUM(CASE WHEN things.type = 'index' THEN pages.pgsize ELSE 0 END)
    FROM dbstat AS pages JOIN sqlite_master AS things ON things.name = pages.name
    WHERE pages.aggregate = TRUE
    GROUP BY things.tbl_name
"""


def engine_of(url: str | URL, busy_seconds: float) -> Engine:
    """Return an engine set up for its database.

    Parameters
    ----------
    url
        SQLAlchemy URL.
    busy_seconds
        How long a SQLite transaction waits for another one, and everybody for a free connection.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url, pool_pre_ping=True, pool_timeout=busy_seconds, connect_args=_POSTGRES, **_POOL
        )
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
    # It takes a tenth of a second to load, and most histories are files.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table).on_conflict_do_nothing()


def insert_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Insert rows that are not there, in the order given.

    Parameters
    ----------
    connection, table
        Where.
    names
        The columns.
    rows
        A value for each column.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        # As the driver takes them: a statement of SQLAlchemy would go through every value of every row.
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])
    else:
        _copy(connection, f"COPY {table.name} ({', '.join(names)}) FROM STDIN", rows)


def among(connection: Connection, column: Column[str], names: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that a column holds one of some names, each for a statement of its own.

    Parameters
    ----------
    connection, column
        Where.
    names
        Words without a comma, such as fingerprints.
    """
    if not names:
        return
    if connection.dialect.name == "sqlite":
        # One text too: a statement of so many variables takes longer to make than to run.
        texts = func.json_each(json.dumps(names)).table_valued("value")
        yield column.in_(select(texts.c.value))
    else:
        # One text instead of an array of texts, which the driver puts together word by word.
        yield column == any_(func.string_to_array(",".join(names), ","))


def json_member(connection: Connection, column: Column[str], name: str) -> ColumnElement[str]:
    """Return a member of the object that a column holds as JSON, as text; dots lead to members of members."""
    if connection.dialect.name == "sqlite":
        return func.json_extract(column, f"$.{name}")
    return func.json_extract_path_text(sql_cast(column, JSON), *name.split("."))


def contains(connection: Connection, column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Return the condition that a column holds some text, in capitals or not."""
    if connection.dialect.name == "sqlite":
        # Its own function folds letters of ASCII alone.
        return func.folded(column, type_=Text).contains(part.casefold(), autoescape=True)
    return func.lower(column).contains(part.lower(), autoescape=True)


def by_letters(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Return a column that sorts by its letters' numbers, whatever the language of the server."""
    return column if connection.dialect.name == "sqlite" else collate(column, "C")


def only_writer(connection: Connection) -> None:
    """Let nobody else write what runs share until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER})


def server_seconds() -> ColumnElement[float]:
    """Return the unix time by Postgres' clock: the clocks of coordinators may differ."""
    return sql_cast(func.extract("epoch", func.clock_timestamp()), Double)


def only_taker(connection: Connection) -> None:
    """Let nobody else take a job until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TAKER})


def clock_seconds(connection: Connection) -> ColumnElement[float]:
    """Return the unix time by the one clock that all who use a database share."""
    return literal(time.time()) if connection.dialect.name == "sqlite" else server_seconds()


def only_migrator(connection: Connection) -> None:
    """Wait until no other process migrates; the lock lasts as long as the transaction."""
    if connection.dialect.name == "sqlite":
        return
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        # A large history may take its time.
        connection.execute(text(f"SET LOCAL {limit} = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATOR})


def disk_use(connection: Connection) -> tuple[int, int, list[tuple[str, int, int]]]:
    """Return the bytes of a database, those of them that are free, and table by table rows and indexes.

    Postgres knows no free ones; a SQLite that was built without its table of pages tells of no tables.
    """
    if connection.dialect.name != "sqlite":
        tables = [(row[0], row[1], row[2]) for row in connection.execute(text(_POSTGRES_TABLES))]
        return sum(rows + indexes for _, rows, indexes in tables), 0, tables
    pages, free, each = (
        connection.execute(text(f"PRAGMA {name}")).scalar_one()
        for name in ("page_count", "freelist_count", "page_size")
    )
    built = connection.execute(text("PRAGMA compile_options")).scalars().all()
    rows = connection.execute(text(_SQLITE_TABLES)) if "ENABLE_DBSTAT_VTAB" in built else ()
    return pages * each, free * each, [(row[0], row[1], row[2]) for row in rows]


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


def unsafe_settings(connection: Connection) -> list[str]:
    """Return which of the settings are off that keep a Postgres' acknowledged writes."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    found = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in names}
    return [name for name, value in found.items() if value == "off"]


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own implicit BEGIN would leave DDL and reads outside of transactions.
    connection.isolation_level = None
    connection.create_function("folded", 1, _folded, deterministic=True)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that writes takes the lock at once: one that upgrades later may fail half-way.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _copy(connection: Connection, statement: str, rows: Sequence[Sequence[object]]) -> None:
    """Send rows as a stream: the server takes them in twice as fast as by INSERT."""
    driver: Any = connection.dialect.dbapi
    with closing(connection.connection.cursor()) as cursor:
        try:
            with cursor.copy(statement) as stream:
                for row in rows:
                    stream.write_row(row)
        except driver.Error as error:
            # As SQLAlchemy itself would have raised it, had it sent the statement.
            raise DBAPIError.instance(
                statement, None, error, driver.Error, dialect=connection.dialect
            ) from error
