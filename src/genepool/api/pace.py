"""How much is done a second, of late."""

import threading
import time
from collections import deque
from collections.abc import Callable

_WINDOW_SECONDS = 30.0
_SHORTEST_SECONDS = 1.0
# From here on a fraction says nothing.
_WHOLE_FROM = 100.0


class Pace:
    """Counts what was done in the last half minute; any thread may add and ask.

    Parameters
    ----------
    seconds
        Monotonic time.

    Examples
    --------
    >>> moments = iter([0.0, 10.0])
    >>> pace = Pace(lambda: next(moments))
    >>> pace.add(30)
    >>> pace.per_second()
    3.0
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._done: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Note that so much was done just now."""
        with self._lock:
            self._done.append((self._forget(), count))

    def per_second(self) -> float:
        """Return how much a second; 0 when nothing was done for half a minute."""
        with self._lock:
            now = self._forget()
            if not self._done:
                return 0.0
            lasted = max(_SHORTEST_SECONDS, now - self._done[0][0])
            found = sum(count for _, count in self._done) / lasted
        return float(round(found)) if found >= _WHOLE_FROM else round(found, 1)

    def _forget(self) -> float:
        now = self._seconds()
        while self._done and self._done[0][0] < now - _WINDOW_SECONDS:
            self._done.popleft()
        return now
