"""The keys: what each one opens, a new one, and the end of one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.bodies import understood
from genepool.api.pages.drawing import Drawing
from genepool.api.v1.keys import KeyNumber, NewKey
from genepool.api_keys import SCOPES, ApiKey, fresh_key
from genepool.usecases.key_document import key_document


def routes(gate: Gate, drawing: Drawing) -> APIRouter:
    """Return the routes of the keys.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    """
    router = APIRouter(include_in_schema=False)
    admin = Annotated[ApiKey, Depends(gate.page_administers)]

    def drawn(request: Request, key: ApiKey, template: str, made: str = "") -> Response:
        address = str(request.base_url).rstrip("/")
        keys = [key_document(one) for one in gate.ring.listed()]
        return drawing.page(request, key, template, keys=keys, scopes=SCOPES, made=made, address=address)

    @router.get("/keys")
    def listed(request: Request, key: admin) -> Response:
        return drawn(request, key, "keys.html.j2")

    @router.post("/keys")
    def make(
        request: Request,
        key: admin,
        scope: Annotated[str, Form(max_length=10)],
        name: Annotated[str, Form(max_length=80)] = "",
    ) -> Response:
        asked, made = understood(NewKey, {"name": name.strip(), "scope": scope}), fresh_key()
        gate.ring.add(made, asked.name, asked.scope)
        return drawn(request, key, "keys_rows.html.j2", made)

    @router.post("/keys/{number}/revoke")
    def revoke(request: Request, key: admin, number: KeyNumber) -> Response:
        gate.ring.revoke(number)
        return drawn(request, key, "keys_rows.html.j2")

    return router
