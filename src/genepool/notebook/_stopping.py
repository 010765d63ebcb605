"""What interrupting a cell, or Ctrl-C, means while a run is bred."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from genepool.pool.stop_request import StopRequest


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Yield what the first interrupt sets: the running batches end, and what they found is kept.

    The second one raises ``KeyboardInterrupt``: the program, or the kernel of a notebook, lives on. In
    another thread than the main one no signal arrives, and nothing is set.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        if request.made:
            raise KeyboardInterrupt
        request.make()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield request
    finally:
        signal.signal(signal.SIGINT, before)
