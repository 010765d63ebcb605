"""Serves an ASGI application: one thread holds all connections, so a slow reader holds up no other."""

import asyncio
import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.server import Server

from genepool.api.connections import LimitedConnection
from genepool.api.failures import Failures
from genepool.api.places import ConnectionLimits, Places
from genepool.errors import ServiceUnavailable

if TYPE_CHECKING:
    # Known to type checkers only.
    from starlette.types import ASGIApp

_BACKLOG = 1024
# Else the system keeps megabytes for each slow reader, and tells only when a third of them has been read: a
# client that is merely slow would seem to read nothing.
_UNREAD_BYTES = 128 * 1024
# Seconds for answers that do not end when they are told to, before the server leaves them.
_GRACE = 1
# Then only a thread that waits for something else can hold it up, and the end of the process ends that.
_LAST_WAIT = 10.0
_USUAL = ConnectionLimits()


class _Server(Server):
    """Uvicorn, with our connections."""

    def __init__(self, config: Config, places: Places) -> None:
        super().__init__(config)
        self._places = places
        self.ready = threading.Event()

    def run_on(self, listening: socket.socket) -> None:
        """Take connections until told to end."""
        # So uvicorn ends where an application does not start.
        with suppress(SystemExit):
            self.run([listening])

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets=sockets)
        self.ready.set()

    @override
    async def on_tick(self, counter: int) -> bool:
        """Look after the connections, ten times a second."""
        self._places.check(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let what is being answered end, but streams that never do."""
        asyncio.get_running_loop().call_later(self._places.limits.leaving_seconds, self._places.clear)
        await super().shutdown(sockets=sockets)


@contextmanager
def serving(app: "ASGIApp", host: str, port: int, limits: ConnectionLimits = _USUAL) -> Iterator[int]:
    """Serve an application while the context lasts; yield the port, which the system chooses for 0.

    Parameters
    ----------
    app
        What answers. Whatever it raises is logged, and answered with 500.
    host, port
        Where to listen.
    limits
        What one connection may take.

    Raises
    ------
    ServiceUnavailable
        When the address cannot be listened on, or the application does not start.
    """
    listening = _listen(host, port)
    server = _server(app, Places(limits))
    thread = threading.Thread(target=server.run_on, args=(listening,), name="http", daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(_LAST_WAIT)
        # A server that is still ending has use for it.
        if not thread.is_alive():
            listening.close()


def _server(app: "ASGIApp", places: Places) -> _Server:
    class Connection(LimitedConnection):
        pass

    Connection.places = places
    limits = places.limits
    return _Server(
        Config(
            Failures(app),
            http=Connection,
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            # A client must not choose the address that its limits go by.
            proxy_headers=False,
            backlog=_BACKLOG,
            h11_max_incomplete_event_size=limits.head_bytes,
            # Never reached: our own comes first.
            timeout_keep_alive=math.ceil(limits.asking_seconds) + 1,
            timeout_graceful_shutdown=_GRACE,
        ),
        places,
    )


def _await_start(server: _Server, thread: threading.Thread) -> None:
    while not server.ready.wait(0.05):
        if not thread.is_alive():
            raise ServiceUnavailable("the service did not start: the log above says why")


def _listen(host: str, port: int) -> socket.socket:
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=_BACKLOG
        )
        # Those that are accepted inherit it.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD_BYTES)
    except OSError as error:
        raise ServiceUnavailable(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another GENEPOOL_SERVICE_PORT or "
            "stop what listens there"
        ) from error
    return listening
