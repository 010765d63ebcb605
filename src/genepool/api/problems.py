"""What goes wrong, as a problem document (RFC 9457): the sentence that the command line prints."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from genepool.errors import (
    DataError,
    DatasetBusy,
    DatasetNotFound,
    Fenced,
    GenepoolError,
    GenomeNotFound,
    JobConflict,
    JobNotFound,
    KeyNotFound,
    MarketNotFound,
    RunBusy,
    RunExists,
    RunFinished,
    RunNotFound,
    RunPruned,
    ServiceUnavailable,
    StoreAway,
    Unsealed,
)

MEDIA_TYPE = "application/problem+json"
_AWAY = 503
_STATUS: Sequence[tuple[tuple[type[GenepoolError], ...], int, str]] = (
    (
        (RunNotFound, GenomeNotFound, JobNotFound, KeyNotFound, DatasetNotFound, MarketNotFound),
        404,
        "there is none such",
    ),
    (
        (RunExists, RunBusy, JobConflict, RunFinished, RunPruned, Fenced, DatasetBusy, Unsealed),
        409,
        "something stands against it",
    ),
    ((StoreAway, ServiceUnavailable), _AWAY, "what it needs is away"),
    ((DataError,), 422, "the candles cannot be used"),
)
# Asked for the impossible, or for what does not exist.
_OTHERWISE = 422, "it cannot be done as asked"
_TITLES = {
    401: "a key is needed",
    403: "the key does not allow it",
    404: "there is none such",
    405: "it cannot be asked so",
    429: "too much was asked",
}
_FAULT = "the service met a fault of its own, which is in its log; nothing of the request was kept"
_NAMED_AT_MOST = 5
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# FastAPI's own refusal of a body that it cannot decode.
_UNREADABLE = 400
_MISREAD = "the request cannot be read"
_NO_JSON = "the body cannot be decoded: send JSON, as UTF-8"


class Misread(BaseModel):
    """One member of a request that cannot be read."""

    where: list[str]
    what: str


class ToldProblem(BaseModel):
    """Why a request was not answered as asked."""

    type: str = Field(
        default="about:blank",
        description="`urn:genepool:` and the name of the error, where it is one of ours.",
    )
    title: str
    status: int
    detail: str = Field(description="The sentence that the command line would print, with its remedy.")
    errors: list[Misread] | None = Field(default=None, description="What of the request cannot be read.")


# Draws a problem for a browser that asked for a page.
DrawProblem: TypeAlias = Callable[[Request, ToldProblem], Response]


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI has to say of the problems that a route may answer."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "A problem.", "content": schema} for status in statuses}


def status_of(error: GenepoolError) -> tuple[int, str]:
    """Return the status and the title that an error of ours is answered with."""
    for kinds, status, title in _STATUS:
        if isinstance(error, kinds):
            return status, title
    return _OTHERWISE


def tell_problems(app: FastAPI, draw: DrawProblem) -> None:
    """Have an application answer everything that goes wrong: documents to programs, pages to browsers.

    Parameters
    ----------
    app
        The application.
    draw
        Draws a problem for a browser.
    """
    teller = _Teller(draw)
    app.add_exception_handler(GenepoolError, teller.foreseen)
    app.add_exception_handler(HTTPException, teller.refused)
    app.add_exception_handler(RequestValidationError, teller.misread)
    app.add_exception_handler(Exception, teller.unforeseen)


class _Teller:
    def __init__(self, draw: DrawProblem) -> None:
        self._draw = draw

    async def foreseen(self, request: Request, error: Exception) -> Response:
        status, title = status_of(error) if isinstance(error, GenepoolError) else _OTHERWISE
        headers = {"Retry-After": "2"} if status == _AWAY else {}
        problem = ToldProblem(type=_type_of(error), title=title, status=status, detail=str(error))
        return self._told(request, problem, headers)

    async def refused(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code == _UNREADABLE:
            return self._told(request, ToldProblem(title=_MISREAD, status=422, detail=_NO_JSON))
        title = _TITLES.get(error.status_code, "it cannot be answered")
        problem = ToldProblem(title=title, status=error.status_code, detail=str(error.detail))
        return self._told(request, problem, {**(error.headers or {}), **_allowed(request, error)})

    async def misread(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        wrong = [
            Misread(where=[str(part) for part in one["loc"]], what=str(one["msg"])) for one in error.errors()
        ]
        said = "; ".join(f"{'.'.join(one.where)}: {one.what}" for one in wrong[:_NAMED_AT_MOST])
        problem = ToldProblem(title=_MISREAD, status=422, detail=said, errors=wrong)
        return self._told(request, problem)

    async def unforeseen(self, request: Request, _error: Exception) -> Response:
        # The server writes it to the log.
        return self._told(request, ToldProblem(title="a fault of the service", status=500, detail=_FAULT))

    def _told(
        self, request: Request, problem: ToldProblem, headers: Mapping[str, str] | None = None
    ) -> Response:
        if request.url.path.startswith("/v1") or "text/html" not in _accepted(request):
            document = problem.model_dump(exclude_none=True)
            return JSONResponse(document, problem.status, dict(headers or {}), media_type=MEDIA_TYPE)
        answer = self._draw(request, problem)
        answer.headers.update(headers or {})
        return answer


def _allowed(request: Request, error: HTTPException) -> dict[str, str]:
    """Return what an address can be asked for: each of its routes names itself alone."""
    if error.status_code != 405:  # noqa: PLR2004 - a status
        return {}
    asked = [{**request.scope, "method": method} for method in _METHODS]
    routes = request.app.routes
    possible = [
        scope["method"] for scope in asked if any(route.matches(scope)[0] is Match.FULL for route in routes)
    ]
    return {"Allow": ", ".join(possible)}


def _type_of(error: Exception) -> str:
    return f"urn:genepool:{type(error).__name__}"


def _accepted(request: Request) -> str:
    return "text/html" if request.headers.get("hx-request") else request.headers.get("accept", "")
