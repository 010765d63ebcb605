"""How much a client may send and how often it may ask, without a server."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genepool.api.hosts import KnownHosts
from genepool.api.limits import BodyLimit, RateLimit
from genepool.api.token_buckets import TokenBuckets
from tests.fakes.asgi_apps import many_kinds


@dataclass
class Asked:
    """One request, in chunks, and what came back."""

    chunks: Sequence[bytes] = (b"",)
    read: int = 0
    sent: list[Message] = field(default_factory=list)

    async def receive(self) -> Message:
        if self.read == len(self.chunks):
            return {"type": "http.disconnect"}
        self.read += 1
        more = self.read < len(self.chunks)
        return {"type": "http.request", "body": self.chunks[self.read - 1], "more_body": more}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        (start,) = (message for message in self.sent if message["type"] == "http.response.start")
        return int(start["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def ask(
    app: ASGIApp,
    path: str = "/upload",
    chunks: Sequence[bytes] = (b"",),
    client: str = "192.0.2.7",
    **headers: str,
) -> Asked:
    asked = Asked(chunks)
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": path, "headers": pairs, "client": (client, 50000)}
    asyncio.run(run(app, scope, asked))
    return asked


async def run(app: ASGIApp, scope: Scope, asked: Asked) -> None:
    await app(scope, asked.receive, asked.send)


class TestBodyLimit:
    limited = BodyLimit(many_kinds, {"/upload": 100, "/upload/large": 1000}, usual=10)

    def test_a_declared_body_is_refused_before_any_of_it_is_read(self) -> None:
        asked = ask(self.limited, chunks=[b"x" * 101], content_length="101")
        assert (asked.status, asked.read) == (413, 0)
        assert asked.headers[b"content-type"] == b"application/problem+json"
        assert json.loads(asked.body) == {
            "type": "about:blank",
            "title": "Content Too Large",
            "status": 413,
            "detail": "the body of this request is too large: at most 100 bytes may be sent here",
        }

    def test_a_body_of_unknown_length_is_counted_and_cut(self) -> None:
        asked = ask(self.limited, chunks=[b"x" * 60] * 9)
        assert (asked.status, asked.read) == (413, 2)

    @pytest.mark.parametrize("chunks", [[b"x" * 100], [b"x" * 50, b"x" * 50]])
    def test_a_body_that_fits_is_passed_on(self, chunks: list[bytes]) -> None:
        asked = ask(self.limited, chunks=chunks, content_length="100")
        assert (asked.status, asked.body) == (200, b"100")

    @pytest.mark.parametrize(
        ("path", "limit"),
        [("/upload", 100), ("/upload/small", 100), ("/upload/large", 1000), ("/uploads", 10), ("/", 10)],
    )
    def test_the_longest_path_that_fits_says_how_much(self, path: str, limit: int) -> None:
        assert ask(self.limited, path, content_length=str(limit)).status == 200
        assert ask(self.limited, path, content_length=str(limit + 1)).status == 413

    def test_an_application_that_answers_or_raises_for_a_cut_body_does_neither(self) -> None:
        async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await Request(scope, receive).body()
            finally:
                await many_kinds({"path": "/"}, receive, send)

        asked = ask(BodyLimit(stubborn, usual=10), chunks=[b"x" * 60])
        assert asked.status == 413
        assert b"alive" not in asked.body

    def test_what_else_an_application_raises_is_raised(self) -> None:
        with pytest.raises(ValueError, match="only the log"):
            ask(self.limited, "/raise")


class TestRateLimit:
    def limited(self, now: list[float], **more: Any) -> RateLimit:  # noqa: ANN401 - arguments of another
        return RateLimit(many_kinds, TokenBuckets(rate=0.5, burst=2), seconds=lambda: now[0], **more)

    def test_a_client_that_asks_too_often_is_told_when_to_ask_again(self) -> None:
        now = [0.0]
        app = self.limited(now)
        assert [ask(app).status for _ in range(3)] == [200, 200, 429]
        refused = ask(app)
        assert refused.headers[b"retry-after"] == b"2"
        assert "ask again in 2 s" in json.loads(refused.body)["detail"]
        now[0] = 2.0
        assert [ask(app).status for _ in range(2)] == [200, 429]

    def test_no_client_pays_for_another(self) -> None:
        app = self.limited([0.0])
        for _ in range(3):
            ask(app)
        assert ask(app).status == 429
        assert ask(app, client="192.0.2.8").status == 200

    def test_addresses_of_one_network_are_one_client(self) -> None:
        app = self.limited([0.0])
        assert [ask(app, client=f"2001:db8::{host}").status for host in range(3)] == [200, 200, 429]
        assert ask(app, client="2001:db8:0:1::1").status == 200

    @pytest.mark.parametrize("path", ["/healthz", "/metrics"])
    def test_whoever_watches_the_service_is_always_answered(self, path: str) -> None:
        app = self.limited([0.0])
        assert {ask(app, path).status for _ in range(5)} == {200}

    def test_a_client_may_be_named_by_what_it_has_proved(self) -> None:
        app = self.limited([0.0], client=lambda scope: dict(scope["headers"])[b"key"].decode())
        assert [ask(app, key="one").status for _ in range(3)] == [200, 200, 429]
        assert ask(app, key="two").status == 200


class TestOtherScopes:
    def test_websockets_are_refused(self) -> None:
        asked = Asked()
        asyncio.run(run(KnownHosts(many_kinds, []), {"type": "websocket", "headers": []}, asked))
        assert [message["type"] for message in asked.sent] == ["websocket.close"]

    def test_the_lifespan_passes_through_all_of_them(self) -> None:
        heard: list[str] = []

        async def listening(scope: Scope, _receive: Receive, _send: Send) -> None:
            heard.append(scope["type"])

        app = KnownHosts(RateLimit(BodyLimit(listening)), [])
        asyncio.run(run(app, {"type": "lifespan"}, Asked()))
        assert heard == ["lifespan"]
