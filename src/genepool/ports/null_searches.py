"""What the searches of a run on markets without an edge found."""

from typing import Protocol

from genepool.history import NullSearch, SearchedRun


class NullSearches(Protocol):
    """Searches on null markets, beside the runs: none is in the list of runs, the ledger or the cache."""

    def null_searches(self, run: str) -> list[NullSearch]:
        """Return all that are recorded of a run, by digest, generator and number.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...

    def searched_runs(self, market_digest: str) -> list[SearchedRun]:
        """Return the runs that searched a data set, or one that counts with it, in order of their start.

        Queued ones have searched nothing yet.
        """
        ...

    def keep_null_search(self, run: str, search: NullSearch) -> None:
        """Record one; the same one again changes nothing.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...
