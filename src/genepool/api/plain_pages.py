"""The four plain pages: metrics, progress, alive, ready."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
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


def plain_application(routes: list[Route]) -> Starlette:
    """Return an application of the plain pages alone, which names them where there is no page.

    Parameters
    ----------
    routes
        What `plain_pages` returned.
    """
    app = Starlette(routes=routes, exception_handlers={404: _no_page, 405: _read_only})
    app.router.redirect_slashes = False
    return app


def _no_page(request: Request, _: Exception) -> Response:
    if request.method not in {"GET", "HEAD"}:
        return _read_only(request, HTTPException(405, headers={"Allow": "GET, HEAD"}))
    return _answer(404, {"error": "there is no such page", "pages": _PAGES})


def _read_only(_: Request, error: Exception) -> Response:
    response = _answer(405, {"error": "these pages are only read"})
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _answer(status: int, document: Mapping[str, Any]) -> Response:
    return Response(json.dumps(document).encode() + b"\n", status, media_type="application/json")
