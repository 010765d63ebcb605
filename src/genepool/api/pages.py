"""The four pages: metrics, progress, alive, ready."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Known to type checkers only.
    from wsgiref.types import StartResponse, WSGIEnvironment

_JSON = "application/json"
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Pages:
    """A WSGI application that reads and never writes.

    Parameters
    ----------
    metrics
        Gives the exposition of all metrics.
    progress
        Gives the document of ``/progress``.
    ready
        Tells for each service that the coordinator leans on whether it answers.
    """

    metrics: Callable[[], bytes]
    progress: Callable[[], Mapping[str, Any]]
    ready: Callable[[], Mapping[str, bool]]

    def __call__(self, environment: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if environment["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _answer(start_response, "405 Method Not Allowed", {"error": "these pages are only read"})
        match environment["PATH_INFO"]:
            case "/metrics":
                start_response("200 OK", [("Content-Type", _TEXT)])
                return [self.metrics()]
            case "/progress":
                return _answer(start_response, "200 OK", self.progress())
            case "/healthz":
                return _answer(start_response, "200 OK", {"alive": True})
            case "/readyz":
                services = self.ready()
                status = "200 OK" if all(services.values()) else "503 Service Unavailable"
                return _answer(start_response, status, services)
        pages = ["/metrics", "/progress", "/healthz", "/readyz"]
        return _answer(start_response, "404 Not Found", {"error": "there is no such page", "pages": pages})


def _answer(start_response: "StartResponse", status: str, document: Mapping[str, Any]) -> list[bytes]:
    start_response(status, [("Content-Type", _JSON)])
    return [json.dumps(document).encode() + b"\n"]
