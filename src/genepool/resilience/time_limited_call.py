"""Calls that may hang, made on a thread beside the caller, who stops waiting after a time limit.

No time-out of a driver helps against a server that is frozen, or against a name that is slow to
resolve. The thread is left behind then, and ends when the call does.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from genepool.errors import Interrupted

T = TypeVar("T")

_LOOK_SECONDS = 0.1


class TimeLimitedCall:
    """Calls with a time limit, one at a time."""

    def __init__(self) -> None:
        self._latest: Future[object] | None = None

    def call(self, work: Callable[[], T], seconds: float) -> T:
        """Return what the work returns, or raise what it raises.

        Raises
        ------
        TimeoutError
            When it takes longer, or at once while an earlier call still hangs.
        """
        if self._latest is not None and not self._latest.done():
            raise TimeoutError("an earlier call has not ended yet")
        future = begin(work)
        self._latest = future  # type: ignore[assignment] # only whether it is done is asked of it
        if not wait([future], seconds).done:
            raise TimeoutError(f"no answer within {seconds:g} s")
        return future.result()


def attend(work: Callable[[], T], interrupted: Callable[[], bool]) -> T:
    """Return what the work returns, however long it takes, or raise what it raises.

    Raises
    ------
    Interrupted
        When the user wanted to stop meanwhile.
    """
    future = begin(work)
    while not wait([future], _LOOK_SECONDS).done:
        if interrupted():
            raise Interrupted("stopped while a service did not answer")
    return future.result()


def pause(seconds: float, interrupted: Callable[[], bool]) -> None:
    """Let time pass.

    Raises
    ------
    Interrupted
        When the user wanted to stop meanwhile.
    """
    for _ in range(max(1, round(seconds / _LOOK_SECONDS))):
        if interrupted():
            raise Interrupted("stopped while a service did not answer")
        time.sleep(_LOOK_SECONDS)


def begin(work: Callable[[], T]) -> "Future[T]":
    """Start the work on a thread of its own that does not keep the process alive."""
    future: Future[T] = Future()
    Thread(target=_fulfil, args=(future, work), daemon=True).start()
    return future


def _fulfil(future: "Future[T]", work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the thread that waits for it raises it
        future.set_exception(error)
