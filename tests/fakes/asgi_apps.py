"""An ASGI application that streams, receives, sends much, fails, and tells that it is alive."""

from starlette.types import Receive, Scope, Send

LARGE = 1_024_000


async def many_kinds(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer by the path of the request, with no library between."""
    match scope["path"]:
        case "/stream":
            await _stream(receive, send)
        case "/upload":
            await _count(receive, send)
        case "/large":
            await _answer(send, b"x" * LARGE)
        case "/chunks":
            await _answer(send, *[b"x" * 64_000] * 16)
        case "/raise":
            raise ValueError("what only the log may tell")
        case "/half":
            await _begin(send)
            raise ValueError("what only the log may tell")
        case _:
            await _answer(send, b"alive")


async def _begin(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"data: first\n\n", "more_body": True})


async def _answer(send: Send, *chunks: bytes) -> None:
    length = [(b"content-length", str(sum(map(len, chunks))).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body"})


async def _stream(receive: Receive, send: Send) -> None:
    """Begin a stream of events, and say nothing more until the client has gone."""
    await _begin(send)
    while (await receive())["type"] != "http.disconnect":
        pass


async def _count(receive: Receive, send: Send) -> None:
    received, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        received += len(message["body"])
        more = message["more_body"]
    await _answer(send, str(received).encode())
