"""Problems on their way to worker processes: each is written once to a file that all of them read.

What is handed to a process with its work goes through a pipe, so that large problems would make workers
wait for one another.
"""

import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genepool.backtest.problem import Problem
from genepool.crews.held import HeldProblems
from genepool.errors import StoreError


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
        self._held: HeldProblems[SentProblem] = HeldProblems(self._written, _deleted)

    def __getitem__(self, digest: str) -> SentProblem:
        return self._held[digest]

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

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Write a problem's file unless it is there; those asked for longest ago go, if not needed.

        Raises
        ------
        StoreError
            When there is no room for temporary files.
        """
        self._held.hold(problem, needed)

    def discard(self) -> None:
        """Delete the files; may be called twice."""
        self._held.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _written(self, problem: Problem) -> SentProblem:
        candles, path = problem.candles, self.folder / f"{problem.sent_as}.npz"
        columns = {name: getattr(candles, name) for name in ("stamps", *sorted(candles.columns))}
        try:
            np.savez(path, allow_pickle=False, **columns)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _no_room(error) from error
        return SentProblem(problem.sent_as, replace(problem, candles=candles.slice(0, 0)), path)


def _deleted(sent: SentProblem) -> None:
    # Windows keeps a file that a worker has open; it goes with its folder.
    with suppress(PermissionError):
        sent.columns.unlink(missing_ok=True)


def _no_room(error: OSError) -> StoreError:
    return StoreError(
        f"candles cannot be handed to worker processes ({error}): free space in the folder for temporary "
        "files, or set TMPDIR to another one"
    )
