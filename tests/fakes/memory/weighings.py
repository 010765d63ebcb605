"""How champions were weighed, in this process."""

from collections.abc import Callable, Sequence

from genepool.history import Weighing


class MemoryWeighings:
    """``Weighings`` in a dictionary.

    Parameters
    ----------
    find
        Raises ``RunNotFound`` where there is no run of a name.
    evaluated
        Returns how many evaluations of a problem are known.
    """

    def __init__(self, find: Callable[[str], object], evaluated: Callable[[str], int]) -> None:
        self._find = find
        self._held: dict[str, Weighing] = {}
        self.evaluated = evaluated

    def of_runs(self, names: Sequence[str]) -> dict[str, Weighing]:
        """Return those of some runs, by name."""
        return {name: self._held[name] for name in names if name in self._held}

    def keep(self, run: str, weighing: Weighing) -> None:
        """Write one in the place of an older one."""
        self._find(run)
        self._held[run] = weighing
