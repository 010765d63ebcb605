"""Checks the host of a request: a stranger's page must not read ours by a name that leads here."""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

from genepool.api.problem_document import problem, send_problem

if TYPE_CHECKING:
    # Comes with an extra, and is known to type checkers only.
    from starlette.types import ASGIApp, Receive, Scope, Send


class KnownHosts:
    """An ASGI application that passes on what is asked of a host that it expects, and refuses the rest.

    A browser sends the name from its address bar. A stranger can have a name of theirs lead here, but no name
    of ours and no numeric address: so those are answered. Websockets are refused, whatever the host.

    Parameters
    ----------
    app
        What answers.
    names
        Names besides localhost; empty ones count for nothing.
    """

    def __init__(self, app: "ASGIApp", names: Iterable[str]) -> None:
        self._app = app
        self._names = {"localhost", *(name.strip().lower() for name in names)} - {""}

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        host = host_of(_header_of(scope))
        if scope["type"] != "http" or host in self._names or _is_address(host):
            await self._app(scope, receive, send)
            return
        sentence = (
            f"nothing here is called {host[:80]!r}: use localhost or an address, or add the name to "
            "GENEPOOL_ALLOWED_HOSTS"
        )
        await send_problem(send, problem(421, "Misdirected Request", sentence))


def host_of(header: str) -> str:
    """Return the host that a ``Host`` header names, without port and brackets.

    Examples
    --------
    >>> host_of("[::1]:8000"), host_of("Localhost:8000"), host_of("192.0.2.7")
    ('::1', 'localhost', '192.0.2.7')
    """
    host = header.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _header_of(scope: "Scope") -> str:
    return next((value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"), "")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
