"""Whether the history answers: logged once, by the thread that notices it first."""

from threading import Lock

import structlog

from genepool.ports import Hindered, StoreReachable, Watcher


class Reachability:
    """What the threads know of the history.

    Parameters
    ----------
    watcher
        Told at the first answer and at every change.
    """

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._lock = Lock()
        self._reachable: bool | None = None

    @property
    def away(self) -> bool:
        """Whether the latest question was not answered."""
        return self._reachable is False

    def answered(self) -> None:
        """Record that the history answered."""
        self._watcher(Hindered("history", None))
        if self._became(reachable=True):
            structlog.get_logger().info("history_reachable")

    def lost(self, reason: str) -> None:
        """Record that the history did not answer."""
        self._watcher(Hindered("history", reason))
        if self._became(reachable=False):
            structlog.get_logger().warning("history_away", reason=reason)

    def _became(self, *, reachable: bool) -> bool:
        with self._lock:
            if self._reachable is reachable:
                return False
            self._reachable = reachable
            self._watcher(StoreReachable(reachable))
            return True
