"""The application: routes under ``/v1``, the pages, and what holds for all of them."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute

from genepool.api.access import Gate
from genepool.api.problems import DrawProblem, ToldProblem, tell_problems

_REFUSED = {"401": "No key that is known.", "403": "The key does not allow it."}
_ABOUT = (
    "Breeds trading strategies and judges which are real. Every answer is the document that the command line "
    "prints with `--json`; what goes wrong is told as a problem (RFC 9457) with its remedy."
)


def application(
    gate: Gate,
    resources: Sequence[APIRouter],
    pages: Sequence[APIRouter],
    plain: Sequence[BaseRoute],
    draw: DrawProblem,
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    gate
        Who may read the description of the routes.
    resources
        The routes under ``/v1``.
    pages
        What people look at.
    plain
        What monitors ask, without a key.
    draw
        Draws a problem for a browser.
    """
    app = FastAPI(
        title="GenePool", version=version("genepool"), description=_ABOUT, openapi_url=None, docs_url=None,
        redoc_url=None, separate_input_output_schemas=False,
    )  # fmt: skip
    for resource in resources:
        app.include_router(resource, prefix="/v1")

    @app.get("/v1/openapi.json", include_in_schema=False, dependencies=[Depends(gate.reads)])
    def described() -> JSONResponse:
        return JSONResponse(described_routes(app))

    for page in pages:
        app.include_router(page)
    app.router.routes.extend(plain)
    tell_problems(app, draw)
    return app


def described_routes(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document: any route under ``/v1`` may ask for a key, and refuse one."""
    document = app.openapi()
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.setdefault("Problem", ToldProblem.model_json_schema(ref_template="#/components/schemas/{model}"))
    schemas |= schemas["Problem"].pop("$defs", {})
    told = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for route in path.values():
            answers = route["responses"]
            # FastAPI describes an answer of its own there, which ours replaces.
            answers["422"] = {"description": "The request cannot be read or done.", "content": told}
            for status, reason in _REFUSED.items():
                answers.setdefault(status, {"description": reason, "content": told})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return document
