"""Turn what the database says into one sentence with a remedy; no SQLAlchemy error leaves this package."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from genepool.errors import StoreAway, StoreError
from genepool.program import program

# What the driver says, and what the user reads; the first that fits counts.
_SENTENCES = {
    "database is locked": "is busy: another process has been writing for too long; end it, or try again",
    "readonly database": "cannot be written: give this user write access to the file and its folder",
    "not a database": "is not a GenePool history: point GENEPOOL_HOME or GENEPOOL_DATABASE_URL elsewhere",
    "malformed": "is damaged: restore it from a backup, or move it away to start a new one",
    "unable to open": "cannot be opened: check that its folder exists and that this user may write to it",
    "table is locked": "is busy: another process has been writing for too long; end it, or try again",
    "disk I/O error": "cannot be read or written: its disk fails or is full; see to it and resume the run",
    "disk is full": "cannot grow: the disk is full; free some space and resume the run",
    "no such table": "has no tables yet: run `{program} db upgrade`",
    "no such column": "has an older layout: run `{program} db upgrade`",
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
    "42P01": "has no tables yet: run `{program} db upgrade`",
    "42703": "has an older layout: run `{program} db upgrade`",
    "42501": "may not be read or written by this user: check the user in GENEPOOL_DATABASE_URL",
    "25006": "may only be read: point GENEPOOL_DATABASE_URL at the primary server",
    "XX001": "is damaged: restore it from a backup",
    "XX002": "is damaged: restore it from a backup",
}
# What may pass by itself, by the beginning of the SQLSTATE: what is the matter, and what to do about it.
_PASSING = {
    "53100": ("cannot write: the disk of its server is full", "free space there, and nothing is lost"),
    "53200": ("cannot work: its server is out of memory", "give it more, or end other clients"),
    "53300": (
        "takes no more clients",
        "end some of them, or raise max_connections of its server",
    ),
    "53400": ("refuses: a limit of its server is reached", "raise the limit that it names"),
    "53": ("lacks resources", "see what its server lacks"),
    "57014": ("broke off what took too long", "see what keeps its server busy"),
    "57P03": ("takes no clients yet", "wait until its server has started"),
    "40": ("was wanted by two at once", "the same is tried again"),
    "55P03": ("is locked by another client", "end the one that holds the lock"),
    # Connection, shutdown, and a session that idled for too long because this process was frozen.
    "08": ("does not answer", "check that its server runs"),
    "57": ("does not answer", "check that its server runs"),
    "25P03": ("does not answer", "check that its server runs"),
}
# The same where Postgres refuses a connection, whose SQLSTATE its driver does not pass on.
_REFUSING = {
    "too many clients": "53300",
    "connection slots": "53300",
    "too many connections": "53300",
    "starting up": "57P03",
    "in recovery mode": "57P03",
    "No space left": "53100",
    "out of memory": "53200",
}


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
    if passing := _passing(state):
        return _away(place, said, passing)
    for sign, sentence in [*_STATES.items()] if state else [*_SENTENCES.items()]:
        if state.startswith(sign) if state else sign in said:
            return StoreError(f"the history {place} {sentence.format(program=program())}")
    if from_server and not state and isinstance(error, OperationalError | InterfaceError):
        return _away(place, said, _passing(_state_of_refusal(said)) or _PASSING["08"])
    return StoreError(f"the history {place} refused: {said.splitlines()[0]}")


def _passing(state: str) -> tuple[str, str] | None:
    return next((words for sign, words in _PASSING.items() if state.startswith(sign)), None)


def _state_of_refusal(said: str) -> str:
    return next((state for sign, state in _REFUSING.items() if sign in said), "")


def _away(place: str, said: str, words: tuple[str, str]) -> StoreAway:
    matter, remedy = words
    return StoreAway(f"the history {place} {matter} ({said.splitlines()[0]}): {remedy}")
