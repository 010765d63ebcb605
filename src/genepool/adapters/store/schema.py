"""Bring a database to the layout that this version writes."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from genepool.adapters.store.dialect import WRITES
from genepool.errors import StoreError

# Newest migration; a test holds it equal to what the migrations folder says.
HEAD = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"


def current(engine: Engine) -> str | None:
    """Return the version of a database's layout, None for an empty database."""
    with engine.begin() as connection:
        return _version(connection)


def upgrade(engine: Engine, target: str = "head") -> None:
    """Bring a database up to a version in one transaction; several processes may try at once.

    Raises
    ------
    StoreError
        When a newer GenePool made the database.
    """
    wanted = HEAD if target == "head" else target
    if current(engine) == wanted:
        return
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        # Asked again, now that nobody else can write: another process may have been faster.
        version = _version(connection)
        if version == wanted:
            return
        if version is not None and version > HEAD:
            raise StoreError(
                f"the history has layout {version}, this GenePool knows {HEAD}: install a newer GenePool"
            )
        migrate(connection, "upgrade", target)


def migrate(connection: Connection, direction: str, target: str) -> None:
    """Run migrations inside the connection's transaction.

    Parameters
    ----------
    connection
        Where to.
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


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    versions = sql_table("alembic_version", sql_column("version_num"))
    return connection.execute(select(versions.c.version_num)).scalar()
