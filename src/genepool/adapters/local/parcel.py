"""A problem on its way to worker processes: written once to a file that each of them reads.

What is handed to a process while it starts goes through a pipe that it reads only after its imports,
so that large problems would make workers start one after the other.
"""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genepool.backtest.problem import Problem
from genepool.errors import StoreError


@dataclass(frozen=True, slots=True)
class SentProblem:
    """A problem without its candles, and the file that holds their columns."""

    rest: Problem
    columns: Path

    def opened(self) -> Problem:
        """Return the whole problem, its columns read-only as they were."""
        with np.load(self.columns, allow_pickle=False) as held:
            return replace(self.rest, candles=replace(self.rest.candles, **dict(held)))

    def discard(self) -> None:
        """Delete the file, which a parent that was killed could not; may be called twice."""
        shutil.rmtree(self.columns.parent, ignore_errors=True)


class Parcel:
    """A problem that can be sent to any number of worker processes.

    Parameters
    ----------
    problem
        What is sent.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def sent(self) -> SentProblem:
        """Return what a worker needs to open the problem; the file is written the first time.

        Raises
        ------
        StoreError
            When there is no room for temporary files.
        """
        candles = self._problem.candles
        rest = replace(self._problem, candles=candles.slice(0, 0))
        if self._folder is not None:
            return SentProblem(rest, Path(self._folder.name, "columns.npz"))
        try:
            # Windows keeps a file that a dying worker has open; what was found must not be lost over it.
            self._folder = tempfile.TemporaryDirectory(prefix="genepool-", ignore_cleanup_errors=True)
            path = Path(self._folder.name, "columns.npz")
            held = {name: getattr(candles, name) for name in ("stamps", *sorted(candles.columns))}
            np.savez(path, allow_pickle=False, **held)
        except OSError as error:
            self.discard()
            raise StoreError(
                f"candles cannot be handed to worker processes ({error}): free space in the folder for "
                "temporary files, or set TMPDIR to another one"
            ) from error
        return SentProblem(rest, path)

    def discard(self) -> None:
        """Delete the file; may be called twice."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
