"""Who carries a run on: one process at a time, by a lock that dies with its owner.

The lock is an exclusive transaction on a small SQLite file beside the history, one a run. The operating
system lets go of it when the process ends, even by ``kill -9``, so there is no stale claim to take over
and no clock to trust. Forked workers do not inherit it.
"""

import sqlite3
from pathlib import Path

from genepool.errors import StoreError

# A list of runs probes each claim for an instant; whoever claims outwaits it.
_PATIENCE_SECONDS = 1.0


class Claims:
    """The claims of this process.

    Parameters
    ----------
    folder
        Where the lock files are; made when the first is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, sqlite3.Connection] = {}

    def take(self, run: str) -> None:
        """Claim a run, or raise ``StoreError`` when another process holds it."""
        if run in self._held:
            return
        connection = self._connect(run, _PATIENCE_SECONDS)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            connection.close()
            raise StoreError(
                f"run {run} is being carried on by another process: wait for it, or stop it and resume"
            ) from error
        self._held[run] = connection

    def taken(self, run: str) -> bool:
        """Tell whether any process holds a run, this one included."""
        if run in self._held or not (self._folder / run).exists():
            return run in self._held
        connection = self._connect(run, 0.0)
        try:
            connection.execute("SELECT * FROM sqlite_master").fetchall()
        except sqlite3.OperationalError:
            return True
        finally:
            connection.close()
        return False

    def release(self) -> None:
        """Let go of every claim of this process."""
        while self._held:
            self._held.popitem()[1].close()

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
