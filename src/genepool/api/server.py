"""Serves the pages from threads of their own, so that a slow reader holds up nobody."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from genepool.errors import ServiceUnavailable

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

# Whoever sends nothing for so long is hung up on.
_READ_SECONDS = 10


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = _READ_SECONDS

    # typing.override comes with Python 3.12; the name is the base class's.
    def log_message(self, format: str, *_: object) -> None:  # type: ignore[explicit-override] # noqa: A002
        """Say nothing: a scrape every few seconds would drown the log."""


@contextmanager
def serving(pages: "WSGIApplication", host: str, port: int) -> Iterator[int]:
    """Serve pages while the context lasts; yield the port, which the system chooses for 0.

    Raises
    ------
    ServiceUnavailable
        When the address cannot be listened on.
    """
    try:
        server = make_server(host, port, pages, server_class=_Server, handler_class=_Handler)
    except OSError as error:
        raise ServiceUnavailable(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another GENEPOOL_SERVICE_PORT or "
            "stop what listens there"
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="pages", daemon=True)
    thread.start()
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
