"""Problems on their way to worker processes: each is written once to a file that all of them read.

What is handed to a process with its work goes through a pipe, so that large problems would make workers
wait for one another.
"""

import tempfile
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genepool.backtest.problem import Problem
from genepool.errors import StoreError

# Problems whose files stay for the next run on them.
_PROBLEMS_HELD = 8


@dataclass(frozen=True, slots=True)
class SentProblem:
    """A problem without its candles, its digest, and the file that holds their columns."""

    digest: str
    rest: Problem
    columns: Path

    def opened(self) -> Problem:
        """Return the whole problem, its columns read-only as they were."""
        with np.load(self.columns, allow_pickle=False) as held:
            return replace(self.rest, candles=replace(self.rest.candles, **dict(held)))


class SentProblems:
    """Problems that can be sent to any number of worker processes."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sent: OrderedDict[str, SentProblem] = OrderedDict()

    @property
    def folder(self) -> Path:
        """Where the files are; it is made the first time.

        Raises
        ------
        StoreError
            When there is no room for temporary files.
        """
        if self._folder is None:
            try:
                # Windows keeps a file that a dying worker has open; what was found must not be lost over it.
                self._folder = tempfile.TemporaryDirectory(prefix="genepool-", ignore_cleanup_errors=True)
            except OSError as error:
                raise _no_room(error) from error
        return Path(self._folder.name)

    def sent(self, problem: Problem) -> SentProblem:
        """Return what a worker needs to open a problem; its file is written the first time.

        The file of the problem that was asked for longest ago may go for it.

        Raises
        ------
        StoreError
            When there is no room for temporary files.
        """
        digest = problem.digest
        if digest in self._sent:
            self._sent.move_to_end(digest)
            return self._sent[digest]
        while len(self._sent) >= _PROBLEMS_HELD:
            self._sent.popitem(last=False)[1].columns.unlink(missing_ok=True)
        candles, path = problem.candles, self.folder / f"{digest}.npz"
        held = {name: getattr(candles, name) for name in ("stamps", *sorted(candles.columns))}
        try:
            np.savez(path, allow_pickle=False, **held)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _no_room(error) from error
        self._sent[digest] = SentProblem(digest, replace(problem, candles=candles.slice(0, 0)), path)
        return self._sent[digest]

    def discard(self) -> None:
        """Delete the files; may be called twice."""
        self._sent.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _no_room(error: OSError) -> StoreError:
    return StoreError(
        f"candles cannot be handed to worker processes ({error}): free space in the folder for temporary "
        "files, or set TMPDIR to another one"
    )
