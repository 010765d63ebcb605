"""One connection, which ends when its client asks for nothing, sends too slowly or reads too slowly."""

import asyncio
import logging
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11
from typing_extensions import override
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from genepool.api.places import Places, Standing
from genepool.api.problem_document import CONTENT_TYPE, encoded, problem, send_problem

if TYPE_CHECKING:
    # Known to type checkers only.
    from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class _Pace:
    since: float
    moved: int = 0

    def is_slow(self, now: float, grace: float, slowest: float) -> bool:
        return self.moved < slowest * (now - self.since - grace)


class LimitedConnection(H11Protocol):
    """Uvicorn's connection, which of itself ends only while it is idle between two requests."""

    # Set by the server, since uvicorn makes the connections.
    places: Places

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # What an application raises is logged elsewhere, and a stranger must not be able to fill the log.
        self.logger = _SILENT
        self._checked = self.loop.time()
        self._asks = _Pace(self._checked)
        self._reads = _Pace(self._checked)
        self._unread = 0

    @property
    def standing(self) -> Standing:
        """Whether it asks (or is idle), sends the body of what it asked, or is being answered."""
        if self._unread or (self._is_busy() and not self.cycle.more_body):
            return "answered"
        return "sending" if self._is_busy() else "asking"

    def check(self, now: float) -> None:
        """Hang up when the client has had its time."""
        self._measure(now)
        if self._is_late(now):
            self.hang_up()

    def _is_late(self, now: float) -> bool:
        limits, standing = self.places.limits, self.standing
        if standing == "answered":
            return self._reads.is_slow(now, limits.reading_seconds, limits.slowest)
        seconds = now - self._asks.since
        if standing == "asking":
            return seconds > limits.asking_seconds
        slow = self._asks.is_slow(now, limits.asking_seconds, limits.slowest)
        return slow or seconds > limits.sending_seconds

    def _measure(self, now: float) -> None:
        unread = self.transport.get_write_buffer_size()
        self._reads.moved += max(0, self._unread - unread)
        if not unread:
            self._reads = _Pace(now)
        elif not self._is_busy():
            # An answer ends when it has been read.
            self._asks = _Pace(now)
        if self.flow.read_paused:
            # It is the application that keeps the client waiting.
            self._asks.since += now - self._checked
        self._unread, self._checked = unread, now

    def _is_busy(self) -> bool:
        # Uvicorn's types say that there is a cycle before the first request.
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]

    def hang_up(self) -> None:
        """End it at once, whatever is still to be sent or read."""
        self.places.leave(self)
        self.transport.abort()

    def refuse(self) -> None:
        """Answer whatever is asked with 503."""
        self.app = _no_place

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take a place."""
        # Else the second part of each answer waits 40 ms for the client to acknowledge the first.
        if (connection := transport.get_extra_info("socket")) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self.places.take(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place."""
        self.places.leave(self)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Read what the client sent."""
        self._asks.moved += len(data)
        while data and not self.transport.is_closing():
            # The parser measures only a head that is incomplete: so it gets one byte too many at most.
            asking = self.conn.their_state is h11.IDLE
            room = (
                self.places.limits.head_bytes + 1 - len(self.conn.trailing_data[0]) if asking else len(data)
            )
            super().data_received(data[:room])
            data = data[room:]

    @override
    def resume_writing(self) -> None:
        """Continue the answer: the client has read most of what was written."""
        self._reads = _Pace(self.loop.time())
        super().resume_writing()

    @override
    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._asks = _Pace(self.loop.time())
        super().on_response_complete()

    @override
    def shutdown(self) -> None:
        """End once the request at hand has been answered."""
        # Where the parser has given up, the end of the server hangs up.
        with suppress(h11.LocalProtocolError):
            super().shutdown()

    @override
    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or has too long a head."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.hang_up()
            return
        if self._is_busy():
            # An application that still reads the body has nobody left to answer.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        limit = self.places.limits.head_bytes
        if len(self.conn.trailing_data[0]) > limit:
            document = problem(
                431,
                "Request Header Fields Too Large",
                f"the head of a request is too long: at most {limit} bytes",
            )
        else:
            document = problem(400, "Bad Request", "this is no HTTP request that the service understands")
        self._end_with(document)

    def _end_with(self, document: dict[str, Any]) -> None:
        body = encoded(document)
        headers = [
            ("content-type", CONTENT_TYPE),
            ("content-length", str(len(body))),
            ("connection", "close"),
        ]
        answer = h11.Response(status_code=document["status"], headers=headers, reason=document["title"])
        for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


async def _no_place(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
    sentence = (
        "every connection of the service is in use: close a page that you no longer need, or ask again later"
    )
    document = problem(503, "Service Unavailable", sentence)
    await send_problem(send, document, [("connection", "close"), ("retry-after", "10")])


# Of nobody's but ours: one of `getLogger` is the process's, and passes on what it gets.
_SILENT = logging.Logger("genepool.api", logging.CRITICAL + 1)  # noqa: LOG001
