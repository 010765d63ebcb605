"""Open the history that a URL names."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from genepool.adapters.store.claims import Claims
from genepool.adapters.store.dialect import connect
from genepool.adapters.store.schema import current, upgrade
from genepool.adapters.store.store import SqlStore
from genepool.adapters.store.translation import translated
from genepool.errors import ConfigError, StoreError

_BUSY_SECONDS = 10.0
_SQLITE = ("sqlite", "sqlite+pysqlite")


def embedded_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{path}"


def database_file(url: str) -> Path:
    """Return the SQLite file that a URL names.

    Raises
    ------
    ConfigError
        When it names none: this version keeps its history in SQLite.
    """
    try:
        parsed = make_url(url)
    # ValueError: a port that is no number.
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            f"GENEPOOL_DATABASE_URL is {url!r}: give a URL such as sqlite:///data/genepool.sqlite"
        ) from error
    if parsed.drivername not in _SQLITE or parsed.database in (None, "", ":memory:"):
        raise ConfigError(
            f"GENEPOOL_DATABASE_URL names {parsed.render_as_string(hide_password=True)}: this version keeps "
            "its history in a SQLite file, such as sqlite:///data/genepool.sqlite"
        )
    return Path(str(parsed.database).removeprefix("file:"))


def open_store(url: str, *, busy_seconds: float = _BUSY_SECONDS) -> SqlStore:
    """Open a history, bring its layout up to date, and make it when there is none.

    Parameters
    ----------
    url
        SQLAlchemy URL of a SQLite file.
    busy_seconds
        How long to wait for another process that writes.

    Raises
    ------
    ConfigError
        When the URL names no SQLite file.
    StoreError
        When the file cannot be opened or is no history; the message says what to do.
    """
    engine, place = _reach(url, busy_seconds)
    with translated(place):
        upgrade(engine)
    claims = Claims(Path(f"{place}.claims"))
    return SqlStore(engine, claims, place)


def layout_of(url: str) -> str | None:
    """Return the version of a history's layout; None when there is no history.

    Raises
    ------
    ConfigError, StoreError
        As ``open_store``.
    """
    if not database_file(url).exists():
        return None
    engine, place = _reach(url, _BUSY_SECONDS)
    with translated(place):
        return current(engine)


def upgrade_layout(url: str) -> None:
    """Bring a history up to date, or make an empty one.

    Raises
    ------
    ConfigError, StoreError
        As ``open_store``.
    """
    open_store(url).close()


def _reach(url: str, busy_seconds: float) -> tuple[Engine, str]:
    path = database_file(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {path.parent} of the history: {error.strerror}") from error
    return connect(url, busy_seconds), str(path)
