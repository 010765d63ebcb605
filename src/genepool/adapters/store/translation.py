"""Turn what the database says into one sentence with a remedy; no SQLAlchemy error leaves this package."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from genepool.errors import StoreError

# What the driver says, and what the user reads; the first that fits counts.
_SENTENCES = {
    "database is locked": "is busy: another process has been writing for too long; end it, or try again",
    "readonly database": "cannot be written: give this user write access to the file and its folder",
    "not a database": "is not a GenePool history: point GENEPOOL_HOME or GENEPOOL_DATABASE_URL elsewhere",
    "malformed": "is damaged: restore it from a backup, or move it away to start a new one",
    "unable to open": "cannot be opened: check that its folder exists and that this user may write to it",
    "full": "cannot grow: the disk is full; free some space and resume the run",
    "no such table": "has no tables yet: run `genepool db upgrade`",
    "no such column": "has an older layout: run `genepool db upgrade`",
}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise ``StoreError`` for every database error of the block.

    Parameters
    ----------
    place
        How the user knows the database.
    """
    try:
        yield
    except SQLAlchemyError as error:
        said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        for sign, sentence in _SENTENCES.items():
            if sign in said:
                raise StoreError(f"the history {place} {sentence}") from error
        raise StoreError(f"the history {place} refused: {said.splitlines()[0]}") from error
