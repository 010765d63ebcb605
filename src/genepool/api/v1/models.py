"""The documents of use cases as OpenAPI describes them."""

import dataclasses
import types
import typing
from functools import cache
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, create_model

from genepool.usecases.document import Document


@cache
def model_of(document: type[Document]) -> type[BaseModel]:
    """Return the model of a document's JSON object: members that stand among its own stand there.

    Parameters
    ----------
    document
        Its class.
    """
    return create_model(document.__name__, __doc__=document.__doc__, **_members(document))


def answer(document: Document, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return a document as it is: no model may change a bit of it."""
    return JSONResponse(document.as_json(), status, headers)


def _members(record: type) -> dict[str, Any]:
    hints = typing.get_type_hints(record)
    found: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        hint = hints[field.name]
        if "among" in field.metadata:
            found |= _among(hint)
        else:
            found |= _member(field.name, described(hint))
    return found


def _member(name: str, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - an annotation
    # A model has methods of its own, whose names a member may have.
    if hasattr(BaseModel, name):
        return {f"{name}_": (kind, Field(alias=name))}
    return {name: (kind, ...)}


def _among(hint: Any) -> dict[str, Any]:  # noqa: ANN401 - an annotation
    """Return the members of one record, or of whichever of several stands there."""
    records = typing.get_args(hint) if _is_union(hint) else (hint,)
    each = [_members(record) for record in records]
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for members in each for name in members):
        kinds = [members[name][0] for members in each if name in members]
        everywhere = len(kinds) == len(each)
        found[name] = (typing.Union[tuple(kinds)], ... if everywhere else None)  # noqa: UP007 - of a tuple
    return found


def described(hint: Any) -> Any:  # noqa: ANN401 - an annotation
    """Return an annotation with models in the place of records, at any depth."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record_model(hint)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if not inner or origin is typing.Literal:
        return hint
    parts = tuple(part if part is ... else described(part) for part in inner)
    if _is_union(hint):
        return typing.Union[parts]  # noqa: UP007 - of a tuple
    return origin[parts]


@cache
def _record_model(record: type) -> type[BaseModel]:
    return create_model(record.__name__, **_members(record))


def _is_union(hint: Any) -> bool:  # noqa: ANN401 - an annotation
    return typing.get_origin(hint) in {typing.Union, types.UnionType}
