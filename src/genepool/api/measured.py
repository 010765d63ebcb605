"""Tells a watcher of every request that was answered."""

import time
from collections.abc import Callable
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genepool.ports import RequestAnswered, StatusClass, Watcher

_NO_ROUTE = "none"
_STREAM = b"text/event-stream"


class Measured:
    """ASGI middleware that tells how each request was answered, by its route as it is declared.

    Parameters
    ----------
    app
        What answers.
    watcher
        Told of each answer.
    seconds
        Monotonic time.
    """

    def __init__(self, app: ASGIApp, watcher: Watcher, seconds: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._watcher = watcher
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, stream = self._seconds(), 500, False

        async def noted(message: Message) -> None:
            nonlocal status, stream
            if message["type"] == "http.response.start":
                status = message["status"]
                kinds = [value for name, value in message.get("headers", ()) if name == b"content-type"]
                stream = any(kind.startswith(_STREAM) for kind in kinds)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            took = None if stream else self._seconds() - began
            self._watcher(RequestAnswered(_route(scope), _class_of(status), took))


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", _NO_ROUTE))


def _class_of(status: int) -> StatusClass:
    return cast("StatusClass", f"{min(max(status // 100, 2), 5)}xx")
