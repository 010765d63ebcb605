"""Turns that the processes of one test run take: most share the room, some have it to themselves."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def taking_turns(folder: Path, *, alone: bool) -> Iterator[None]:
    """Share the room with others, or have it to oneself; a process that dies lets go of both locks."""
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        # Whoever waits for the room stands in the door, so that nobody slips in before him.
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            # Closing would not do: a child that was forked meanwhile holds the file open as well.
            fcntl.flock(room, fcntl.LOCK_UN)
