"""The connections that are open, and which of them makes room for one more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

Standing = Literal["asking", "sending", "answered"]


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may take.

    Parameters
    ----------
    places
        Connections at most; one more takes the place of the oldest that is not being answered.
    refused
        Connections beside them that are told that there is no place.
    asking_seconds
        Seconds for the head of a request, from the opening or from the end of the answer before.
    sending_seconds
        Seconds for the whole of a request, its body included.
    reading_seconds
        Seconds that a client may read nothing of what is sent.
    slowest
        Bytes a second that a body must advance once the seconds of asking are over, and an answer once those
        of reading are.
    head_bytes
        Bytes of the head of a request.
    leaving_seconds
        Seconds that answers may take once the server ends.
    """

    places: int = 600
    refused: int = 50
    asking_seconds: float = 10.0
    sending_seconds: float = 900.0
    reading_seconds: float = 30.0
    slowest: float = 10_000.0
    head_bytes: int = 8192
    leaving_seconds: float = 0.5


class OpenConnection(Protocol):
    """What holds a place."""

    @property
    def standing(self) -> Standing:
        """Whether it asks (or is idle), sends the body of what it asked, or is being answered."""

    def check(self, now: float) -> None:
        """Hang up when the client has had its time."""

    def hang_up(self) -> None:
        """End at once."""

    def refuse(self) -> None:
        """Answer that there is no place."""


# A connection that has asked for nothing yet makes room before one that sends what it asks.
_MAKING_ROOM: tuple[Standing, ...] = ("asking", "sending")


class Places:
    """The connections of one server, oldest first.

    Parameters
    ----------
    limits
        How many there may be, and what each may take.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        # Dictionaries keep the order of arrival.
        self._taken: dict[OpenConnection, None] = {}
        self._refused: dict[OpenConnection, None] = {}

    def take(self, newest: OpenConnection) -> None:
        """Give a place to a new connection: the oldest that is not being answered makes room for it."""
        if len(self._taken) >= self.limits.places:
            oldest = self._oldest()
            if oldest is None:
                self._refuse(newest)
                return
            oldest.hang_up()
        self._taken[newest] = None

    def _oldest(self) -> OpenConnection | None:
        standing = {one: one.standing for one in self._taken}
        candidates = (one for kind in _MAKING_ROOM for one in standing if standing[one] == kind)
        return next(candidates, None)

    def _refuse(self, newest: OpenConnection) -> None:
        newest.refuse()
        self._refused[newest] = None
        if len(self._refused) > self.limits.refused:
            next(iter(self._refused)).hang_up()

    def leave(self, connection: OpenConnection) -> None:
        """Free the place of a connection that has ended."""
        self._taken.pop(connection, None)
        self._refused.pop(connection, None)

    def check(self, now: float) -> None:
        """Hang up each that has had its time."""
        for connection in list(self):
            connection.check(now)

    def clear(self) -> None:
        """Hang up all."""
        for connection in list(self):
            connection.hang_up()

    def __iter__(self) -> Iterator[OpenConnection]:
        """Iterate over all connections."""
        yield from self._taken
        yield from self._refused
