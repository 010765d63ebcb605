"""What Ctrl-C and SIGTERM mean while a run goes on."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from genepool.errors import Interrupted

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = "\x1b[?25h"


@dataclass
class StopRequest:
    """Whether the user wants to stop.

    Parameters
    ----------
    made
        True after the first signal, or once somebody else asked.
    """

    made: bool = False

    def __call__(self) -> bool:
        """Return whether the user wants to stop."""
        return self.made

    def make(self) -> None:
        """Make it, and say what follows; safe inside a signal handler."""
        self.made = True
        # print() would break when the signal comes in the middle of another print().
        os.write(2, b"\nstopping after the batches that are running; once more to leave at once\n")


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Yield what the first signal sets; the second one ends the process at once.

    Workers notice that their parent is gone, and the history holds whole generations only: leaving
    at once loses nothing but time.
    """
    request = StopRequest()

    def handle(_number: int, _frame: FrameType | None) -> None:
        if request.made:
            _leave()
        request.make()

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave() -> None:
    if sys.stderr.isatty():
        os.write(2, _SHOW_CURSOR.encode())
    os._exit(Interrupted.exit_code)
