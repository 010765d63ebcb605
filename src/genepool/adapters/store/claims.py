"""Which process owns a run in a SQLite history: one at a time, by a lock that dies with its owner.

The lock is an exclusive transaction on a small SQLite file beside the history, one a run. The operating
system lets go of it when the process ends, even by ``kill -9``, so there is no stale claim to take over
and no clock to trust. Forked workers do not inherit it.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import ColumnElement, false, true

from genepool.errors import Fenced, StoreError

# A list of runs probes each claim for an instant; a process that claims outwaits it.
_PATIENCE_SECONDS = 1.0


class Claims(Protocol):
    """The claims of one store, by whatever means the database has."""

    def take(self, run: str) -> None:
        """Claim a run before its row is written, or raise ``Fenced`` when another process holds it."""
        ...

    def free(self, run: str) -> ColumnElement[bool]:
        """Return the condition on a run's row that lets this store claim it."""
        ...

    def over(self) -> ColumnElement[bool]:
        """Return the condition on rows of runs that no process owns them, as far as the database knows."""
        ...

    def owned(self, run: str) -> bool:
        """Tell whether a process owns a run all the same, by what the database does not know."""
        ...

    def marks(self) -> dict[str, Any]:
        """Return what the row of a claimed run says of its owner."""
        ...

    def taken_up(self, run: str, epoch: int) -> None:
        """Keep a claim that was written: renew it where it would end by itself."""
        ...

    def let_go(self, run: str) -> None:
        """Let go of a run."""
        ...

    def release(self) -> None:
        """Let go of every claim of this process; may be called twice."""
        ...


class FileClaims:
    """``Claims`` by lock files.

    Parameters
    ----------
    folder
        Where the lock files are; made when the first is needed.
    owner
        What the rows of claimed runs say of their owner.
    """

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder = folder
        self._owner = owner
        self._held: dict[str, sqlite3.Connection] = {}
        # When files that were free had been marked.
        self._free_since: dict[str, int] = {}

    def take(self, run: str) -> None:
        """Claim a run, or raise ``Fenced`` when another process holds it."""
        if run in self._held:
            return
        connection = self._connect(run, _PATIENCE_SECONDS)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            connection.close()
            raise Fenced(
                f"run {run} is owned by another process: wait for it, or stop it and resume"
            ) from error
        self._held[run] = connection
        self._mark(run)

    def free(self, run: str) -> ColumnElement[bool]:
        """Return a condition that the lock file has decided already."""
        return true() if run in self._held or not self._locked(run) else false()

    def over(self) -> ColumnElement[bool]:
        """Return a condition that holds: the rows do not know who lives, the lock files do."""
        return true()

    def owned(self, run: str) -> bool:
        """Tell whether a process holds the lock file.

        One that was free is looked into again when a process has marked it since: a list of thousands of
        abandoned runs asks the system for as many times of files, and opens none of them again.
        """
        if run in self._held:
            return True
        try:
            marked = (self._folder / run).stat().st_mtime_ns
        except OSError:
            return False
        if self._free_since.get(run) == marked:
            return False
        if self._locked(run):
            return True
        self._free_since[run] = marked
        return False

    def marks(self) -> dict[str, Any]:
        """Return the owner; the lock file has no end."""
        return {"owner": self._owner, "lease_until": None}

    def taken_up(self, run: str, epoch: int) -> None:
        """Do nothing: the lock needs no care."""

    def let_go(self, run: str) -> None:
        """Let go of a run."""
        if run in self._held:
            self._held.pop(run).close()

    def release(self) -> None:
        """Let go of every claim of this process."""
        while self._held:
            self._held.popitem()[1].close()

    def _mark(self, run: str) -> None:
        """Give the lock file a time that it never had, for those who found it free before."""
        now = time.time_ns()
        try:
            os.utime(self._folder / run, ns=(now, now))
        except PermissionError:
            # Another user's file: its time is that of the system's clock, which is coarse.
            os.utime(self._folder / run)

    def _locked(self, run: str) -> bool:
        if not (self._folder / run).exists():
            return False
        connection = self._connect(run, 0.0)
        try:
            connection.execute("SELECT * FROM sqlite_master").fetchall()
        except sqlite3.OperationalError:
            return True
        finally:
            connection.close()
        return False

    def _connect(self, run: str, patience: float) -> sqlite3.Connection:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return sqlite3.connect(
                self._folder / run, timeout=patience, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.OperationalError) as error:
            raise StoreError(
                f"cannot lock run {run} in {self._folder}: give this user write access to that folder"
            ) from error
