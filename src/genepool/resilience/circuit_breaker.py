"""When to stop asking a service that does not answer, and when to ask again."""

from collections.abc import Callable

from genepool.ports import Clock

FAILURES = 3
FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0


class CircuitBreaker:
    """A circuit breaker for one caller: some failures in a row open it, one success closes it.

    While it is open nothing is asked. After 1 s, doubled with every failure up to 30 s, one question
    is let through to see whether the service is back. There is one coordinator, so nobody needs the
    jitter that keeps a crowd from coming back at the same instant.

    Parameters
    ----------
    clock
        What time it is.
    changed
        Told whether the service is reachable, at the first success and at every change.
    failures
        How many in a row open it.
    """

    def __init__(
        self,
        clock: Clock,
        changed: Callable[[bool], None] = lambda _: None,
        failures: int = FAILURES,
    ) -> None:
        self._clock = clock
        self._changed = changed
        self._reachable: bool | None = None
        self._limit = failures
        self._failures = 0
        self._opened = 0.0
        self._pause = FIRST_SECONDS

    def allows(self) -> bool:
        """Tell whether the service may be asked now."""
        return self._reachable is not False or self._clock.seconds() - self._opened >= self._pause

    def succeeded(self) -> None:
        """Record that the service answered."""
        self._failures, self._pause = 0, FIRST_SECONDS
        self._become(reachable=True)

    def failed(self) -> None:
        """Record that the service did not answer."""
        self._failures += 1
        if self._reachable is False:
            self._pause = min(2 * self._pause, LONGEST_SECONDS)
            self._opened = self._clock.seconds()
        elif self._failures >= self._limit:
            self._opened = self._clock.seconds()
            self._become(reachable=False)

    def _become(self, *, reachable: bool) -> None:
        if self._reachable is not reachable:
            self._reachable = reachable
            self._changed(reachable)
