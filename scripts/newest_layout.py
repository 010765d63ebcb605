"""Write what makes a new SQLite history at once: to be run after every new migration."""

import sys
import tempfile
from pathlib import Path

from sqlalchemy import Connection, text

from genepool.adapters.store import embedded_url
from genepool.adapters.store.dialect import engine_of
from genepool.adapters.store.new_file import BETWEEN, LAYOUT
from genepool.adapters.store.schema import migrate, migrating

_BUSY_SECONDS = 5.0
_DESCRIBED = text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")


def newest_layout() -> str:
    """Migrate an empty SQLite file and return what its tables are made by."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_of(embedded_url(Path(folder) / "new.sqlite"), _BUSY_SECONDS)
        try:
            with migrating(engine) as connection:
                migrate(connection, "upgrade", "head")
                return described(connection)
        finally:
            engine.dispose()


def described(connection: Connection) -> str:
    """Return the statements that make the tables, indices and views of a SQLite file."""
    whole = BETWEEN.join(connection.execute(_DESCRIBED).scalars())
    return "\n".join(line.rstrip() for line in whole.splitlines()) + "\n"


def main() -> int:
    """Write the statements."""
    LAYOUT.write_text(newest_layout(), encoding="utf-8")
    print(f"wrote {LAYOUT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
