"""Problem documents (RFC 9457): one shape for every answer that refuses, as plain ASGI."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Comes with an extra, and is known to type checkers only.
    from starlette.types import Send

CONTENT_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return a problem document.

    Parameters
    ----------
    status
        Status of the answer.
    title
        The kind of problem: the same words whenever it occurs.
    detail
        What is wrong this time, and the remedy, as one sentence.
    **more
        Further members, as plain JSON.

    Examples
    --------
    >>> problem(404, "Not Found", "there is no such page")
    {'type': 'about:blank', 'title': 'Not Found', 'status': 404, 'detail': 'there is no such page'}
    """
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def encoded(document: Mapping[str, Any]) -> bytes:
    """Return the bytes of a problem document."""
    return json.dumps(document).encode() + b"\n"


async def send_problem(
    send: "Send", document: Mapping[str, Any], headers: Iterable[tuple[str, str]] = ()
) -> None:
    """Answer with a problem document and further headers."""
    body = encoded(document)
    all_headers = (("content-type", CONTENT_TYPE), ("content-length", str(len(body))), *headers)
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in all_headers]
    await send({"type": "http.response.start", "status": document["status"], "headers": pairs})
    await send({"type": "http.response.body", "body": body})
