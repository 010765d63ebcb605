"""Time as it passes."""

import time


class RealClock:
    """``Clock`` on the machine's monotonic time."""

    def seconds(self) -> float:
        return time.monotonic()
