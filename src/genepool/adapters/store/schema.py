"""Bring a database to the layout that this version writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from genepool.adapters.store.dialect import WRITES, only_migrator, without_foreign_keys
from genepool.adapters.store.new_file import is_new_file, lay_out
from genepool.adapters.store.service_tables import api_keys
from genepool.errors import StoreError
from genepool.program import program

# Newest migration; a test holds it equal to what the migrations folder says.
HEAD = "0014"
MIGRATIONS = Path(__file__).parent / "migrations"

# The role that dashboards read with; deployments that have dashboards make it.
READER = "grafana_reader"


def current(engine: Engine) -> str | None:
    """Return the version of a database's layout, None for an empty database."""
    with engine.begin() as connection:
        return _version(connection)


def check_layout(engine: Engine, place: str) -> None:
    """Raise ``StoreError`` unless a database has the layout of this version."""
    version = current(engine)
    _refuse_newer(version)
    if version is None:
        raise StoreError(f"the history {place} has no tables yet: run `{program()} db upgrade`")
    if version < HEAD:
        raise StoreError(
            f"the history {place} has layout {version}, older than {HEAD}: run `{program()} db upgrade`"
        )


def upgrade(engine: Engine, target: str = "head") -> None:
    """Bring a database up to a version in one transaction; several processes may try at once.

    Raises
    ------
    StoreError
        When a newer GenePool made the database.
    """
    wanted = HEAD if target == "head" else target
    if current(engine) != wanted:
        _upgrade(engine, target, wanted)
    if engine.dialect.name == "postgresql":
        # One at a time, as the migration: two grants of the same table at once end in an error.
        with migrating(engine) as connection:
            _let_reader_read(connection)


def migrate(connection: Connection, direction: str, target: str) -> None:
    """Run migrations inside the connection's transaction.

    Parameters
    ----------
    connection
        Where to; on SQLite one of ``migrating``, or the copying of a table empties those that refer to it.
    direction
        ``"upgrade"`` or ``"downgrade"``.
    target
        Version to go to: a number, ``"head"`` or ``"base"``.
    """
    # Alembic takes a fifth of a second to import, and most starts do not need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    run = {"upgrade": command.upgrade, "downgrade": command.downgrade}[direction]
    run(config, target)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Yield a connection inside a transaction of which there is one at a time."""
    with (
        engine.execution_options(**{WRITES: True}).connect() as connection,
        without_foreign_keys(connection),
        connection.begin(),
    ):
        only_migrator(connection)
        yield connection


def _upgrade(engine: Engine, target: str, wanted: str) -> None:
    with migrating(engine) as connection:
        # Asked again, now that nobody else can write: another process may have been faster.
        version = _version(connection)
        if version == wanted:
            return
        _refuse_newer(version)
        if wanted == HEAD and is_new_file(connection):
            lay_out(connection, HEAD)
        else:
            migrate(connection, "upgrade", target)


def _refuse_newer(version: str | None) -> None:
    if version is not None and version > HEAD:
        raise StoreError(
            f"the history has layout {version}, this GenePool knows {HEAD}: install a newer GenePool"
        )


def _let_reader_read(connection: Connection) -> None:
    found = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": READER})
    if found.first():
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {READER}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}"))
        # It holds what signs the sessions of browsers, and in a layout of before it is not there.
        if inspect(connection).has_table(api_keys.name):
            connection.execute(text(f"REVOKE ALL ON {api_keys.name} FROM {READER}"))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    versions = sql_table("alembic_version", sql_column("version_num"))
    return connection.execute(select(versions.c.version_num)).scalar()
