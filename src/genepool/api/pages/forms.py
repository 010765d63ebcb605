"""What a form of a page sends."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

_FIELDS_AT_MOST = 200


async def _posted(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=_FIELDS_AT_MOST)


Posted = Annotated[FormData, Depends(_posted)]
