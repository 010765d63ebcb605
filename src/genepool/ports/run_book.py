"""The recorded runs as a user looks through them, names them, and throws them away."""

from collections.abc import Sequence
from typing import Protocol

from genepool.evolution.population import Individual
from genepool.history import RunCursor, RunFilter, RunLines, RunSummary


class RunPages(Protocol):
    """The list of runs, however long it is."""

    def page(self, asked: RunFilter, after: RunCursor | None = None, count: int = 50) -> RunLines:
        """Return a page of it, and where the next one begins.

        Parameters
        ----------
        asked
            Which runs, in which order.
        after
            Where it begins: ``next`` of the page before; None for the first.
        count
            How many runs at most.
        """
        ...

    def summary(self, run: str) -> RunSummary:
        """Return one line of it.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def champions(self, names: Sequence[str]) -> dict[str, Individual]:
        """Return the champions of some runs, by name; those without a scored genome are left out."""
        ...


class RunChanges(Protocol):
    """What a user may change of a recorded run."""

    def rename(self, run: str, name: str) -> None:
        """Call a run otherwise; its digest and the files that were made of it stay.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        RunBusy
            When a process works on it, or a job that has not ended is about it.
        RunExists
            When a run, or one that a job is to breed, has the new name.
        """
        ...

    def note(self, run: str, text: str) -> None:
        """Write what its user says of a run, in any state.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def delete(self, run: str) -> int:
        """Delete a run, but none of its trials in the ledger; return how many evaluations went.

        Evaluations that another run refers to stay.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        RunBusy
            When a process works on it, or a job that has not ended is about it.
        """
        ...


class RunBook(RunPages, RunChanges, Protocol):
    """The list of runs, and what may be changed of each."""
