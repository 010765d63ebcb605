"""Time as the use cases see it."""

from typing import Protocol


class Clock(Protocol):
    """Monotonic time."""

    def seconds(self) -> float:
        """Return seconds since some fixed instant."""
        ...
