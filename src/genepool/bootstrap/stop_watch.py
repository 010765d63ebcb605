"""Notices that a user asked a run to stop, without ever making the run wait for its history."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from genepool.errors import StoreError
from genepool.ports import RunQueue

_EVERY_SECONDS = 1.0


class StopWatch:
    """Asks the queue in a thread of its own; use it as a context manager.

    Parameters
    ----------
    queue
        Where stop requests are.
    run
        The run.
    asked
        Called once, when a user asks.
    """

    def __init__(self, queue: RunQueue, run: str, asked: Callable[[], None]) -> None:
        self._queue = queue
        self._run = run
        self._tell = asked
        self._asked = threading.Event()
        self._over = threading.Event()
        # A daemon: a database that is frozen must not hold up the end of the process.
        self._thread = threading.Thread(target=self._watch, name=f"stop-watch-{run}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def __call__(self) -> bool:
        """Return whether a user asked."""
        return self._asked.is_set()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            try:
                if self._queue.stop_requested(self._run) and not self._over.is_set():
                    self._asked.set()
                    self._tell()
                    return
            except StoreError:
                # While the history is away, no user can ask the run to stop.
                continue
