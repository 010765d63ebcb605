"""The four plain pages: metrics, progress, alive, ready."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_PAGES = ["/metrics", "/progress", "/healthz", "/readyz"]


def plain_pages(
    metrics: Callable[[], bytes],
    progress: Callable[[], Mapping[str, Any]],
    ready: Callable[[], Mapping[str, bool]],
) -> list[Route]:
    """Return the routes of the plain pages, which read and never write.

    Parameters
    ----------
    metrics
        Gives the exposition of all metrics.
    progress
        Gives the document of ``/progress``.
    ready
        Tells for each service that the coordinator leans on whether it answers.
    """

    def read_metrics(_: Request) -> Response:
        return Response(metrics(), headers={"content-type": _TEXT})

    def read_progress(_: Request) -> Response:
        return _answer(200, progress())

    # Needs no thread, so it answers while all of them wait for something.
    async def read_health(_: Request) -> Response:
        return _answer(200, {"alive": True})

    def read_services(_: Request) -> Response:
        services = ready()
        return _answer(200 if all(services.values()) else 503, services)

    answering = (read_metrics, read_progress, read_health, read_services)
    return [Route(page, endpoint) for page, endpoint in zip(_PAGES, answering, strict=True)]


def _answer(status: int, document: Mapping[str, Any]) -> Response:
    return Response(json.dumps(document).encode() + b"\n", status, media_type="application/json")
