"""Time that passes when told to."""


class ManualClock:
    """``Clock`` that a test turns by hand.

    Parameters
    ----------
    tick
        Seconds that pass by themselves whenever the clock is read.
    """

    def __init__(self, tick: float = 0.0) -> None:
        self._now = 0.0
        self._tick = tick

    def seconds(self) -> float:
        """Return seconds since the clock was made."""
        self._now += self._tick
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
