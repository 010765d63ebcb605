"""Threads that share one state machine: one of them at a time moves it on, for all."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition


class Turns:
    """Gives the lead to one thread at a time, in the order in which they ask for it."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._waiting: deque[object] = deque()
        self._led = False

    @contextmanager
    def lead(self) -> Iterator[None]:
        """Wait for the lead, and give it back at the end."""
        with self.lead_unless(lambda: False):
            yield

    @contextmanager
    def lead_unless(self, served: Callable[[], bool]) -> Iterator[bool]:
        """Wait for the lead, or until somebody else did what this thread waits for.

        Parameters
        ----------
        served
            Whether this thread has what it waits for; asked after each turn.

        Yields
        ------
        bool
            Whether this thread has the lead, which it gives back at the end.
        """
        token = object()
        with self._condition:
            self._waiting.append(token)
            try:
                self._condition.wait_for(lambda: served() or (not self._led and self._waiting[0] is token))
                leading = not served()
                self._led |= leading
            finally:
                self._waiting.remove(token)
                self._condition.notify_all()
        try:
            yield leading
        finally:
            if leading:
                with self._condition:
                    self._led = False
                    self._condition.notify_all()
