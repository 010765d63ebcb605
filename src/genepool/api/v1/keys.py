"""``/v1/keys``: make, list and revoke the keys that open the service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from genepool.api.access import Gate
from genepool.api.bodies import Strict
from genepool.api.problems import answers
from genepool.api.v1.models import answer, model_of
from genepool.api_keys import Scope, fresh_key
from genepool.usecases.key_document import KeyDocument, key_document

KeyNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NewKey(Strict):
    """A key to make."""

    name: str = Field(default="", max_length=80)
    scope: Scope = "run"


class MadeKey(BaseModel):
    """A key, shown this once."""

    id: int
    name: str
    scope: Scope
    key: str


def routes(gate: Gate) -> APIRouter:
    """Return the routes of keys."""
    router = APIRouter(prefix="/keys", tags=["keys"], dependencies=[Depends(gate.administers)])

    @router.get("", responses={200: {"model": list[model_of(KeyDocument)]}})  # type: ignore[misc] # made at run time
    def every() -> JSONResponse:
        """List keys; no key itself is known any more."""
        found = gate.ring.listed()
        return JSONResponse([key_document(key).as_json() for key in found])

    @router.post("", status_code=201)
    def make(body: NewKey) -> MadeKey:
        """Make a key; it is kept as a hash, and shown this once."""
        key = fresh_key()
        made = gate.ring.add(key, body.name, body.scope)
        return MadeKey(id=made.id, name=made.name, scope=made.scope, key=key)

    @router.delete("/{key}", responses={200: {"model": model_of(KeyDocument)}, **answers(404)})
    def revoke(key: KeyNumber) -> JSONResponse:
        """Let a key in no more."""
        return answer(key_document(gate.ring.revoke(key)))

    return router
