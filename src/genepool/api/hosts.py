"""Checks the host of a request: a stranger's page must not read ours by a name that leads here."""

import ipaddress
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Known to type checkers only.
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class KnownHosts:
    """A WSGI application that passes on what is asked of a host that it expects, and refuses the rest.

    A browser sends the name from its address bar. A stranger can have a name of theirs lead here, but no name
    of ours and no numeric address: so those are answered.

    Parameters
    ----------
    pages
        What answers.
    names
        Names besides localhost; empty ones count for nothing.
    """

    def __init__(self, pages: "WSGIApplication", names: Iterable[str]) -> None:
        self._pages = pages
        self._names = {"localhost", *(name.strip().lower() for name in names)} - {""}

    def __call__(self, environment: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        host = host_of(environment.get("HTTP_HOST", ""))
        if host in self._names or _is_address(host):
            return self._pages(environment, start_response)
        error = (
            f"nothing here is called {host[:80]!r}: use localhost or an address, or add the name to "
            "GENEPOOL_ALLOWED_HOSTS"
        )
        start_response("421 Misdirected Request", [("Content-Type", "application/json")])
        return [json.dumps({"error": error}).encode() + b"\n"]


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


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
