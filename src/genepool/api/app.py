"""The application: routes under ``/v1``, the pages, and what holds for all of them."""

from collections.abc import Sequence
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute

from genepool.api.access import Gate
from genepool.api.description import described_routes, operation_name
from genepool.api.problems import DrawProblem, tell_problems

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
        generate_unique_id_function=operation_name,
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
