"""What Ctrl-C and SIGTERM mean during a run."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from genepool.errors import Interrupted
from genepool.pool.stop_request import StopRequest

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = "\x1b[?25h"


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Yield what the first signal sets; the second one ends the process at once.

    Workers notice that their parent is gone, and the history holds whole generations only: leaving
    at once loses nothing but time.
    """
    request = StopRequest(told=_say)

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


def _say() -> None:
    # print() would break when the signal comes in the middle of another print().
    os.write(2, b"\nstopping after the batches that are running; once more to leave at once\n")


def _leave() -> None:
    if sys.stderr.isatty():
        os.write(2, _SHOW_CURSOR.encode())
    os._exit(Interrupted.exit_code)
