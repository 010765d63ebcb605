"""Which runs this process owns, and under which epoch it writes them."""

from typing import Any

from sqlalchemy import Connection, Row

from genepool.adapters.store import reading, writing
from genepool.adapters.store.access import Access
from genepool.adapters.store.claims import Claims
from genepool.errors import Fenced, RunFinished


class Ownership:
    """The claims of one store, and what each of them counted.

    Parameters
    ----------
    access
        The database.
    claims
        By what means it keeps other processes out.
    """

    def __init__(self, access: Access, claims: Claims) -> None:
        self._access = access
        self._claims = claims
        self._epochs: dict[str, int] = {}

    def claim(self, run: str, *, as_it_is: bool) -> None:
        """Take exclusive ownership of a run; unless it stays as it is, it is running then.

        Raises
        ------
        RunNotFound, RunFinished, Fenced
            As ``RunLog.claim``.
        """
        self._refuse_what_is_over(run)
        self._claims.take(run)
        epoch = self._counted(run, as_it_is=as_it_is)
        self._epochs[run] = epoch
        self._claims.taken_up(run, epoch)

    def epoch(self, run: str) -> int:
        """Return what the newest claim of a run counted; 0 when this store never claimed it."""
        return self._epochs.get(run, 0)

    def forget(self, run: str) -> None:
        """Forget what a run of this name counted: it is a new one, and the earlier was pruned."""
        self._epochs.pop(run, None)

    def held_row(self, connection: Connection, run: str) -> Row[Any]:
        """Return a run's row to write it.

        Raises
        ------
        Fenced
            When another process claimed it later.
        """
        try:
            return writing.held_row(connection, run, self.epoch(run))
        except Fenced:
            self._claims.let_go(run)
            raise

    def _refuse_what_is_over(self, run: str) -> None:
        with self._access.reading() as connection:
            writing.check_open(reading.run_row(connection, run))

    def _counted(self, run: str, *, as_it_is: bool) -> int:
        """Write the claim to the run's row, and return how many there were."""
        try:
            with self._access.writing() as connection:
                return self._written(connection, run, as_it_is=as_it_is)
        except RunFinished:
            self._claims.let_go(run)
            raise

    def _written(self, connection: Connection, run: str, *, as_it_is: bool) -> int:
        row = reading.run_row(connection, run, locked=True)
        again = row.owner is not None and self._epochs.get(run) == row.epoch
        free, marks = self._claims.free(run), self._claims.marks()
        return writing.claim(connection, row, free, marks, again=again, as_it_is=as_it_is)
