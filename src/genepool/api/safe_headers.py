"""What a browser may do with an answer: ask nobody else, frame nothing, guess no types."""

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    # Known to type checkers only.
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing is asked of another place, and no other place may frame the pages or read what they hold.
SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SafeHeaders:
    """An ASGI application that says with every answer of another one what a browser may do with it.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        extra = SAFE_HEADERS | ({"Cache-Control": "no-store"} if scope["path"].startswith("/v1") else {})

        async def with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in extra.items():
                    given.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)
