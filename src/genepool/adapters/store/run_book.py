"""The recorded runs as a user looks through them, names them, and throws them away."""

from collections.abc import Sequence

from genepool.adapters.store import queueing, reading, run_changes, run_figures, run_pages
from genepool.adapters.store.access import Access
from genepool.adapters.store.births import champions
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.ownership import Ownership
from genepool.adapters.store.run_states import run_states
from genepool.adapters.store.tables import runs
from genepool.evolution.population import Individual
from genepool.history import RunCursor, RunFilter, RunLines, RunSummary


class SqlRunBook:
    """``RunPages`` and ``RunChanges`` on the tables of the history.

    Parameters
    ----------
    access
        The database.
    claims
        Which process owns which run.
    ownership
        What this store's own claims counted.
    """

    def __init__(self, access: Access, claims: Claims, ownership: Ownership) -> None:
        self._access = access
        self._claims = claims
        self._ownership = ownership

    def page(self, asked: RunFilter, after: RunCursor | None = None, count: int = 50) -> RunLines:
        """Return a page of the list of runs."""
        with self._access.reading() as connection:
            return run_pages.page(connection, asked, after, count, self._claims)

    def summary(self, run: str) -> RunSummary:
        """Return one line of the list of runs."""
        with self._access.reading() as connection:
            found = reading.run_row(connection, run)
            row = connection.execute(run_figures.summarised().where(runs.c.id == found.id)).one()
            true = run_states(connection, self._claims, (run,))
        return run_figures.summary_of(row, true.of(run, row.state))

    def champions(self, names: Sequence[str]) -> dict[str, Individual]:
        """Return the champions of some runs, those that have one."""
        with self._access.reading() as connection:
            return champions(connection, names)

    def rename(self, run: str, name: str) -> None:
        """Call a run otherwise; its digest, its numbers and the files that were made of it stay."""
        with self._access.writing() as connection:
            row = reading.run_row(connection, run, locked=True)
            abandoned = queueing.abandoned(connection, self._claims, (run,))
            run_changes.refuse_busy(connection, row, self._claims, abandoned)
            if name != run:
                run_changes.rename(connection, row, name)
        self._forget(run, name)

    def note(self, run: str, text: str) -> None:
        """Write what its user says of a run, in any state."""
        with self._access.writing() as connection:
            run_changes.write_note(connection, reading.run_row(connection, run, locked=True), text)

    def delete(self, run: str) -> int:
        """Delete a run, but none of its trials in the ledger; return how many evaluations went."""
        with self._access.writing() as connection:
            row = reading.run_row(connection, run, locked=True)
            abandoned = queueing.abandoned(connection, self._claims, (run,))
            run_changes.refuse_busy(connection, row, self._claims, abandoned)
            gone = run_changes.remove(connection, row)
        self._forget(run)
        return gone

    def _forget(self, *names: str) -> None:
        """Forget what claims of these names counted: they may mean other runs from now on."""
        for name in names:
            self._claims.let_go(name)
            self._ownership.forget(name)
