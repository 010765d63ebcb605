"""Opens a browser's session with a key, and ends it."""

import math
import time
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from genepool.api.access import Gate, refuse_other_origins
from genepool.api.client_address import address_of
from genepool.api.pages.drawing import Drawing
from genepool.api.sessions import COOKIE, LASTS_SECONDS, Passes, signed_session
from genepool.api.token_buckets import TokenBuckets
from genepool.api_keys import ApiKey

# From one address.
TRIES_A_MINUTE = 10
_HOME = "/runs"


def routes(
    gate: Gate,
    drawing: Drawing,
    passes: Passes,
    now: Callable[[], float] = time.time,
    seconds: Callable[[], float] = time.monotonic,
) -> APIRouter:
    """Return the routes of logging in and out.

    Parameters
    ----------
    gate, drawing
        Who may come in, and how the page looks.
    passes
        What the browser that this service opens comes with.
    now
        Tells the time, in unix seconds.
    seconds
        Monotonic time.
    """
    router = APIRouter(include_in_schema=False)
    tries = _Tries(seconds)

    def opened(request: Request, key: ApiKey, to: str) -> Response:
        response = RedirectResponse(_ours(to), 303)
        response.set_cookie(
            COOKIE, signed_session(key, now()), max_age=int(LASTS_SECONDS), httponly=True,
            samesite="strict", secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    @router.get("/login")
    def ask(request: Request, word: str = "", to: str = _HOME) -> Response:
        number = passes.redeem(word) if word else None
        key = gate.ring.numbered(number) if number is not None else None
        if key is not None and key.allows("read"):
            return opened(request, key, to)
        wrong = "This link was used, or is too old: give a key." if word else ""
        return drawing.page(request, None, "login.html.j2", to=_ours(to), wrong=wrong)

    @router.post("/login", dependencies=[Depends(tries.take)])
    def prove(
        request: Request, key: Annotated[str, Form(max_length=200)], to: Annotated[str, Form()] = _HOME
    ) -> Response:
        found = gate.ring.find(key.strip())
        if found is None or not found.allows("read"):
            wrong = "No such key is known here, or it was revoked."
            return drawing.page(request, None, "login.html.j2", 401, to=_ours(to), wrong=wrong)
        return opened(request, found, to)

    @router.post("/logout", dependencies=[Depends(refuse_other_origins)])
    def leave() -> Response:
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response

    return router


class _Tries:
    """Refuses an address that guesses keys.

    Parameters
    ----------
    seconds
        Monotonic time.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._buckets = TokenBuckets(TRIES_A_MINUTE / 60, TRIES_A_MINUTE)
        self._seconds = seconds

    def take(self, request: Request) -> None:
        """Count a try."""
        refuse_other_origins(request)
        if wait := math.ceil(self._buckets.take(address_of(request.scope), self._seconds())):
            said = f"too many keys were tried from your address: try again in {wait} s"
            raise HTTPException(429, said, {"Retry-After": str(wait)})


def _ours(to: str) -> str:
    """Return an address of this service; another one becomes the first page."""
    parts = urlsplit(to)
    ours = not parts.scheme and not parts.netloc and to.startswith("/") and not to.startswith(("//", "/\\"))
    return to if ours and to.isprintable() else _HOME
