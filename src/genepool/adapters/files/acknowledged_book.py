"""Recorded runs whose renames and deletions stand in the log of acknowledgements."""

from collections.abc import Sequence

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.evolution.population import Individual
from genepool.history import RunCursor, RunFilter, RunLines, RunSummary
from genepool.ports import RunBook


class AcknowledgedBook:
    """``RunBook`` that appends a line on each run that is renamed or deleted.

    An outside checker must not miss a run that its user has called otherwise, or thrown away.

    Parameters
    ----------
    book
        The recorded runs.
    log
        The log.
    """

    def __init__(self, book: RunBook, log: AcknowledgedLog) -> None:
        self._book = book
        self._log = log

    def rename(self, run: str, name: str) -> None:
        """Call a run otherwise."""
        self._book.rename(run, name)
        if name != run:
            self._log.run_renamed(run, name)

    def delete(self, run: str) -> int:
        """Delete a run; return how many evaluations went."""
        gone = self._book.delete(run)
        self._log.run_deleted(run)
        return gone

    def note(self, run: str, text: str) -> None:
        """Write what its user says of a run."""
        self._book.note(run, text)

    def page(self, asked: RunFilter, after: RunCursor | None = None, count: int = 50) -> RunLines:
        """Return a page of the list of runs."""
        return self._book.page(asked, after, count)

    def summary(self, run: str) -> RunSummary:
        """Return one line of the list of runs."""
        return self._book.summary(run)

    def champions(self, names: Sequence[str]) -> dict[str, Individual]:
        """Return the champions of some runs, by name."""
        return self._book.champions(names)
