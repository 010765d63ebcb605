"""Answers that a client need not read again: each has a tag of its bytes, and is sent once."""

import hashlib
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response

from genepool.api.v1.models import answer
from genepool.usecases.document import Document

IfNoneMatch = Annotated[
    str, Header(alias="If-None-Match", max_length=2_000, description="The tag of the answer that is known.")
]
# For OpenAPI.
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as it was."}}
_SIGNS = 32


def tagged(document: Document, known: str) -> Response:
    """Return a document with its tag, or only say that the client knows it.

    Parameters
    ----------
    document
        What is answered.
    known
        The tags that the client sent, separated by commas; empty for none.
    """
    response = answer(document)
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:_SIGNS]}"'
    # It may be kept, if it is asked for again each time.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if {tag, "*"} & {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
