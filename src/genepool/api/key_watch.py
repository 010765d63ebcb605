"""Which keys still let in: for streams that opened long ago, asked once in a few seconds for all of them."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

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
        """Tell whether a key was open at the last look; asks nobody, so that an event loop may call it."""
        return number not in self._revoked

    def is_old(self) -> bool:
        """Tell whether it is time to look again."""
        return self._looked_at is None or self._now() - self._looked_at >= _SECONDS

    def look(self) -> None:
        """Look again, unless another thread just did; while the history is away, all stays as it was."""
        with self._lock:
            if not self.is_old():
                return
            # First of all: the others need not wait for the answer.
            self._looked_at = self._now()
            # A listener is not sent away because a database restarts.
            with suppress(StoreError):
                self._revoked = frozenset(key.id for key in self._listed() if key.revoked_at is not None)
