"""How much a client may send, and how often it may ask."""

import math
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from genepool.api.client_address import address_of
from genepool.api.problem_document import problem, send_problem
from genepool.api.token_buckets import TokenBuckets

if TYPE_CHECKING:
    # Comes with an extra, and is known to type checkers only.
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MILLION = 1_000_000
UNLIMITED = frozenset({"/healthz", "/metrics"})


class BodyLimit:
    """An ASGI application that passes on requests whose body is small enough, and answers 413 to the others.

    A body that declares its length is refused before any of it is read. One that does not is counted while it
    is read, and cut: the application that reads it is told that its client has gone.

    Parameters
    ----------
    app
        What answers.
    uploads
        Bytes allowed at these paths and below them; of two that fit, the longer path counts.
    usual
        Bytes allowed at every other path.
    """

    def __init__(
        self, app: "ASGIApp", uploads: Mapping[str, int] | None = None, usual: int = _MILLION
    ) -> None:
        self._app = app
        self._usual = usual
        self._uploads = sorted((uploads or {}).items(), key=lambda upload: -len(upload[0]))

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        if _declared(scope) > limit:
            await _refuse(send, limit)
            return
        counted = _CountedBody(receive, send, limit)
        try:
            await self._app(scope, counted.receive, counted.send)
        except Exception:
            # An application that is told that its client has gone may say so by raising.
            if not counted.cut:
                raise

    def _limit_of(self, path: str) -> int:
        fitting = (
            limit
            for prefix, limit in self._uploads
            if path == prefix or path.startswith(prefix.rstrip("/") + "/")
        )
        return next(fitting, self._usual)


class _CountedBody:
    """The two channels of a request, shut when too much has been received."""

    def __init__(self, receive: "Receive", send: "Send", limit: int) -> None:
        self._receive, self._send, self._limit = receive, send, limit
        self._received = 0
        self._answering = False
        self.cut = False

    async def receive(self) -> "Message":
        if self.cut:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received <= self._limit:
            return message
        self.cut = True
        if not self._answering:
            await _refuse(self._send, self._limit)
        return {"type": "http.disconnect"}

    async def send(self, message: "Message") -> None:
        # The client of a body that was cut has its answer.
        if self._answering or not self.cut:
            self._answering = True
            await self._send(message)


class RateLimit:
    """An ASGI application that passes on requests, and answers 429 to a client that asks too often.

    Parameters
    ----------
    app
        What answers.
    buckets
        How often each client may ask.
    client
        Names the client of a request, by what the client cannot change at will: a key counts only when it has
        been verified, for each key that a client invents would bring it a fresh bucket.
    seconds
        Monotonic time.
    exempt
        Paths that are always answered.
    """

    def __init__(
        self,
        app: "ASGIApp",
        buckets: TokenBuckets | None = None,
        client: "Callable[[Scope], str]" = address_of,
        seconds: Callable[[], float] = time.monotonic,
        exempt: Collection[str] = UNLIMITED,
    ) -> None:
        self._app = app
        self._buckets = TokenBuckets() if buckets is None else buckets
        self._client = client
        self._seconds = seconds
        self._exempt = exempt

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        wait = 0.0
        if scope["type"] == "http" and scope["path"] not in self._exempt:
            wait = self._buckets.take(self._client(scope), self._seconds())
        if not wait:
            await self._app(scope, receive, send)
            return
        after = math.ceil(wait)
        sentence = f"too many requests from one client: ask again in {after} s, and less often"
        document = problem(429, "Too Many Requests", sentence)
        await send_problem(send, document, [("retry-after", str(after))])


def _declared(scope: "Scope") -> int:
    lengths = (value for name, value in scope["headers"] if name == b"content-length")
    return max((int(value) for value in lengths if value.isdigit()), default=0)


async def _refuse(send: "Send", limit: int) -> None:
    sentence = f"the body of this request is too large: at most {limit} bytes may be sent here"
    await send_problem(send, problem(413, "Content Too Large", sentence))
