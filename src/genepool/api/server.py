"""Serves the pages: one thread holds all connections and a few answer, so a slow reader holds up no other."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from genepool.errors import ServiceUnavailable

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

# So long may a connection last, a request that is being answered apart.
_SECONDS = 10
# One more takes the place of the oldest.
_CONNECTIONS = 200
_THREADS = 8
_LIMITS = {
    "threads": _THREADS,
    # Never reached: at its own limit the library would accept no connection, which is what an attacker wants.
    "connection_limit": 4 * _CONNECTIONS,
    "cleanup_interval": 1,
    "max_request_header_size": 8192,
    "max_request_body_size": 1024,
    "asyncore_use_poll": True,
    "log_socket_errors": False,
    "ident": None,
}


class _Server(TcpWSGIServer):  # type: ignore[misc] # without stubs
    """Waitress, which counts a byte a second as activity, with an end to every connection."""

    def handle_accept(self) -> None:
        """Take a connection in, and hang up the oldest when there are too many."""
        super().handle_accept()
        if len(self.active_channels) > _CONNECTIONS:
            waiting = (one for one in self.active_channels.values() if not (one.requests or one.will_close))
            for oldest in waiting:
                _hang_up(oldest)
                break

    def maintenance(self, now: float) -> None:
        """Hang up those that have had their time."""
        for channel in list(self.active_channels.values()):
            if not channel.requests and channel.creation_time < now - _SECONDS:
                _hang_up(channel)


def _hang_up(channel: Any) -> None:  # noqa: ANN401 - without stubs
    """Have the loop close a connection: closed here, its number might be another's in the same round."""
    channel.will_close = True
    # One that reads nothing would never be ready for the closing.
    with suppress(OSError):
        channel.socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(pages: "WSGIApplication", host: str, port: int) -> Iterator[int]:
    """Serve pages while the context lasts; yield the port, which the system chooses for 0.

    Raises
    ------
    ServiceUnavailable
        When the address cannot be listened on.
    """
    listening = _listen(host, port)
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(_THREADS)
    sockets: dict[int, Any] = {}
    server = _Server(
        pages, sockets, _sock=listening, dispatcher=dispatcher, adj=Adjustments(**_LIMITS),
        sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        bind_socket=False,
    )  # fmt: skip
    stop = threading.Event()
    thread = threading.Thread(target=_turn, args=(sockets, stop), name="pages", daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        stop.set()
        server.pull_trigger()
        thread.join()
        dispatcher.shutdown()
        wasyncore.close_all(sockets)


def _turn(sockets: dict[int, Any], stop: threading.Event) -> None:
    while not stop.is_set():
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024
        )
    except OSError as error:
        raise ServiceUnavailable(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another GENEPOOL_SERVICE_PORT or "
            "stop what listens there"
        ) from error
