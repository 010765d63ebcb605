"""How busy the host is with other work: measured while nothing of the validation runs."""

import time
from collections.abc import Callable
from pathlib import Path

from scripts.validation.performance.figures import Times

# Long enough for a share: the kernel counts hundredths of a second.
_WATCHED_SECONDS = 1.0
_STAT = Path("/proc/stat")


def read_times(path: Path = _STAT) -> Times:
    """Return how long all CPUs together have been busy and idle, inside of a container those of the host."""
    counts = [int(word) for word in path.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    # user, nice, system, idle, waiting for a disk, interrupts twice, taken by another machine
    idle = counts[3] + counts[4]
    return Times(sum(counts) - idle, idle)


def watched_load(read: Callable[[], Times] = read_times, wait: Callable[[float], None] = time.sleep) -> float:
    """Return the share of the host's CPUs that other work takes at present, from 0 to 1."""
    before = read()
    wait(_WATCHED_SECONDS)
    return read().busy_share_since(before)
