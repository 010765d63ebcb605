"""Deliveries that nobody waits for: one thread, a bounded queue, failures counted and logged once."""

from collections.abc import Callable, Mapping
from queue import Empty, Full, Queue
from threading import Thread
from typing import Any, TypeAlias

import structlog

from genepool.errors import ServiceUnavailable

Parcel: TypeAlias = Mapping[str, Any]

# More than a long run's marks while Grafana restarts; beyond it the newest are dropped.
ROOM = 256


class Background:
    """Delivers parcels one after the other, in a thread of its own.

    Parameters
    ----------
    deliver
        Delivers one; ``ServiceUnavailable`` says that it could not.
    on_failure
        Told of every parcel that was not delivered; called from either thread.
    room
        Parcels that wait at most.
    """

    def __init__(
        self,
        deliver: Callable[[Parcel], None],
        on_failure: Callable[[], None] = lambda: None,
        room: int = ROOM,
    ) -> None:
        self._deliver, self._on_failure = deliver, on_failure
        self._waiting: Queue[Parcel | None] = Queue(room)
        self._works = True
        # A daemon: a Grafana that hangs does not keep the process from ending.
        self._thread = Thread(target=self._work, name="grafana", daemon=True)
        self._thread.start()

    def put(self, parcel: Parcel) -> None:
        """Take a parcel and return at once; with no room left it is dropped and counted."""
        try:
            self._waiting.put_nowait(parcel)
        except Full:
            self._on_failure()

    def close(self, seconds: float = 2.0) -> None:
        """Give what waits so many seconds, then let go; may be called twice.

        Parameters
        ----------
        seconds
            Time at most for what waits; what is left is dropped.
        """
        while self._thread.is_alive():
            try:
                self._waiting.put_nowait(None)
                break
            except Full:
                self._drop_one()
        self._thread.join(seconds)

    def _drop_one(self) -> None:
        try:
            self._waiting.get_nowait()
        except Empty:
            return
        self._on_failure()

    def _work(self) -> None:
        while (parcel := self._waiting.get()) is not None:
            try:
                self._deliver(parcel)
            except ServiceUnavailable as error:
                self._failed(str(error))
            else:
                self._delivered()

    def _failed(self, reason: str) -> None:
        self._on_failure()
        if self._works:
            structlog.get_logger().warning("grafana_fails", reason=reason, consequence="marks are lost")
        self._works = False

    def _delivered(self) -> None:
        if not self._works:
            structlog.get_logger().info("grafana_answers")
        self._works = True
