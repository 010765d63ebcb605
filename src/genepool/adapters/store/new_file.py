"""Make a new SQLite history in one step: the statements are what all migrations one after another lead to.

``scripts/newest_layout.py`` writes them, and a test compares: migrating an empty file took a new user's first
command a quarter of a second.
"""

from pathlib import Path

from sqlalchemy import Connection, text

LAYOUT = Path(__file__).parent / "migrations" / "newest_sqlite.sql"
BETWEEN = ";\n\n"


def is_new_file(connection: Connection) -> bool:
    """Tell whether a connection leads to a SQLite file without any table."""
    if connection.dialect.name != "sqlite":
        return False
    return connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0


def lay_out(connection: Connection, version: str) -> None:
    """Make every table, index and view of the newest layout, and write down which version it is."""
    for statement in LAYOUT.read_text(encoding="utf-8").split(BETWEEN):
        connection.exec_driver_sql(statement)
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
