"""How the champions of finished runs were weighed."""

from collections.abc import Sequence
from typing import Protocol

from genepool.history import Weighing


class Weighings(Protocol):
    """The last weighing of each run, beside it; all of them could be made again from the candles."""

    def of_runs(self, names: Sequence[str]) -> dict[str, Weighing]:
        """Return those of some runs, by name; runs that have none are left out."""
        ...

    def keep(self, run: str, weighing: Weighing) -> None:
        """Write one in the place of an older one.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...

    def evaluated(self, problem_digest: str) -> int:
        """Return how many evaluations of a problem are known."""
        ...
