"""What an application raises is logged once, and its client is told no more than that it failed."""

from typing import TYPE_CHECKING

import structlog

from genepool.api.problem_document import problem, send_problem

if TYPE_CHECKING:
    # Comes with an extra, and is known to type checkers only.
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Failures:
    """An ASGI application that answers 500 for another that raises.

    Parameters
    ----------
    app
        What answers, and may raise.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noted(message: "Message") -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:  # noqa: BLE001 - one that fails must not end the others
            structlog.get_logger().exception("request_failed", method=scope["method"], path=scope["path"])
            # Of half an answer the server sends no end, so that nobody takes it for a whole one.
            if not started:
                sentence = "the service failed over this request: its log says why, under request_failed"
                await send_problem(send, problem(500, "Internal Server Error", sentence))
