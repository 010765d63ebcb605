"""The machine's clock."""

import time


class SystemClock:
    """``Clock`` on the machine's monotonic time."""

    def seconds(self) -> float:
        """Return seconds since some fixed instant."""
        return time.monotonic()
