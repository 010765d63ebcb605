"""Ctrl-C while worker processes start, and the signal that ends one."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Have Ctrl-C wait, here and in processes started meanwhile, where the system can.

    Windows cannot: there it ends workers that have not got as far as ignoring it, and the crew
    starts others.
    """
    if sys.platform == "win32" or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def kill(process: BaseProcess) -> None:
    """End a process whatever it is at, by what the system has for it."""
    if hasattr(signal, "SIGKILL"):
        process.kill()
    else:
        process.terminate()
