"""Of several runs that are bred at once, metrics show the newest, and pages show each."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from genepool.ports import Event, Watcher


class ShownRun:
    """Tells a watcher of one run after the other what happens to the newest of those that are bred.

    Parameters
    ----------
    watcher
        Knows of one run at a time.
    each
        Returns the watcher of one run, told of all that happens to it.
    """

    def __init__(self, watcher: Watcher, each: Callable[[str], Watcher]) -> None:
        self._watcher = watcher
        self._each = each
        self._bred: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def of(self, run: str) -> Iterator[Watcher]:
        """Yield the watcher of a run while it is bred."""
        own = self._each(run)
        with self._lock:
            self._bred.append(run)

        def tell(event: Event) -> None:
            own(event)
            with self._lock:
                if self._bred[-1] == run:
                    self._watcher(event)

        try:
            yield tell
        finally:
            with self._lock:
                self._bred.remove(run)
