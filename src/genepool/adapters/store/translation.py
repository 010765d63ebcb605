"""Turn what the database says into one sentence with a remedy; no SQLAlchemy error leaves this package."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from genepool.errors import StoreAway, StoreError

# What the driver says, and what the user reads; the first that fits counts.
_SENTENCES = {
    "database is locked": "is busy: another process has been writing for too long; end it, or try again",
    "readonly database": "cannot be written: give this user write access to the file and its folder",
    "not a database": "is not a GenePool history: point GENEPOOL_HOME or GENEPOOL_DATABASE_URL elsewhere",
    "malformed": "is damaged: restore it from a backup, or move it away to start a new one",
    "unable to open": "cannot be opened: check that its folder exists and that this user may write to it",
    "disk is full": "cannot grow: the disk is full; free some space and resume the run",
    "no such table": "has no tables yet: run `genepool db upgrade`",
    "no such column": "has an older layout: run `genepool db upgrade`",
    # Postgres refuses a connection without a SQLSTATE that its driver would pass on.
    "password authentication failed": "refuses the password: check GENEPOOL_DATABASE_PASSWORD_FILE, or run "
    "`make up`, which has the stack's Postgres follow it",
    "no password supplied": "wants a password: name a file with it in GENEPOOL_DATABASE_PASSWORD_FILE",
    "no pg_hba.conf entry": "lets this host or user not in: check the user in GENEPOOL_DATABASE_URL",
    "does not exist": "does not exist: check GENEPOOL_DATABASE_URL, or make the database and the role",
}
# The same by SQLSTATE, whose beginning is compared.
_STATES = {
    "28": "refuses the user or the password: check GENEPOOL_DATABASE_URL and its password file",
    "3D": "does not exist: check GENEPOOL_DATABASE_URL, or make the database",
    "42P01": "has no tables yet: run `genepool db upgrade`",
    "42703": "has an older layout: run `genepool db upgrade`",
    "42501": "may not be read or written by this user: check the user in GENEPOOL_DATABASE_URL",
    "25006": "may only be read: point GENEPOOL_DATABASE_URL at the primary server",
    "XX001": "is damaged: restore it from a backup",
    "XX002": "is damaged: restore it from a backup",
}
# Connection, shutdown or cancellation, resources, rollback, a lock not to be had, a session that idled for
# too long because this process was frozen: each may pass by itself.
_PASSING = ("08", "57", "53", "40", "55P03", "25P03")


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise ``StoreError`` for every database error of the block, ``StoreAway`` for those that may pass.

    Parameters
    ----------
    place
        How the user knows the database.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreAway(f"the history {place} keeps all connections of this process waiting") from error
    except SQLAlchemyError as error:
        raise _as_sentence(place, error) from error


def _as_sentence(place: str, error: SQLAlchemyError) -> StoreError:
    orig = error.orig if isinstance(error, DBAPIError) else None
    said = str(orig or error)
    state: str = getattr(orig, "sqlstate", None) or ""
    # The driver of SQLite knows no SQLSTATE at all.
    from_server = hasattr(orig, "sqlstate")
    if state.startswith(_PASSING):
        return _away(place, said)
    for sign, sentence in [*_STATES.items()] if state else [*_SENTENCES.items()]:
        if state.startswith(sign) if state else sign in said:
            return StoreError(f"the history {place} {sentence}")
    if from_server and not state and isinstance(error, OperationalError | InterfaceError):
        return _away(place, said)
    return StoreError(f"the history {place} refused: {said.splitlines()[0]}")


def _away(place: str, said: str) -> StoreAway:
    return StoreAway(
        f"the history {place} does not answer ({said.splitlines()[0]}): check that its server runs"
    )
