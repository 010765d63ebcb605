"""Which keys still let in: for streams that opened long ago, asked once in a few seconds for all of them."""

import threading
import time
from collections.abc import Callable, Sequence

from genepool.api_keys import ApiKey
from genepool.errors import StoreError

_SECONDS = 5.0


class KeyWatch:
    """Knows the keys that were revoked, and looks again when what it knows is old.

    Parameters
    ----------
    listed
        Returns all keys.
    now
        Tells the time, in seconds from any instant on.
    """

    def __init__(
        self, listed: Callable[[], Sequence[ApiKey]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._listed = listed
        self._now = now
        self._revoked: frozenset[int] = frozenset()
        self._looked_at: float | None = None
        self._lock = threading.Lock()

    def lets_in(self, number: int) -> bool:
        """Tell whether a key was open a few seconds ago; while the history is away, what it said last."""
        with self._lock:
            if self._looked_at is None or self._now() - self._looked_at >= _SECONDS:
                self._looked_at = self._now()
                self._look()
            return number not in self._revoked

    def _look(self) -> None:
        try:
            self._revoked = frozenset(key.id for key in self._listed() if key.revoked_at is not None)
        except StoreError:
            # A listener is not sent away because a database restarts.
            return
