"""The list of runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api_keys import ApiKey
from genepool.ports import RunCatalogue
from genepool.usecases.list_runs import list_runs


def routes(gate: Gate, drawing: Drawing, catalogue: RunCatalogue) -> APIRouter:
    """Return the routes of the list.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    catalogue
        The runs.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/")
    def home() -> Response:
        return RedirectResponse("/runs", 303)

    @router.get("/runs")
    def listed(request: Request, key: reader) -> Response:
        runs = list_runs(catalogue.summaries())
        part = request.headers.get("hx-request") is not None
        return drawing.page(request, key, "runs_rows.html.j2" if part else "runs.html.j2", runs=runs)

    return router
