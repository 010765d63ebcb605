"""The fleet as a portfolio: one account for the champions that are ticked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from genepool.adapters.report.fleet_page import fleet_page
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.v1.fleet_portfolios import FleetRuns, Terms, portfolio_of
from genepool.api.v1.run_names import OpenRun
from genepool.api_keys import ApiKey
from genepool.portfolio.clocks import CLOCKS
from genepool.portfolio.weightings import weightings
from genepool.ports import RunPages

# No two bots are correlated by more than 1.
_TWINS = ((1.0, "keep all"), *((most, f"none above {most}") for most in (0.9, 0.8, 0.7, 0.5)))


def routes(gate: Gate, drawing: Drawing, pages: RunPages, open_run: OpenRun) -> APIRouter:
    """Return the routes of the page.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    pages
        The runs.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/fleet/portfolio")
    def portfolio(request: Request, key: reader, terms: Terms, run: FleetRuns = None) -> Response:
        words = [word.strip() for word in run or () if word.strip()]
        found = portfolio_of(words, terms, pages, open_run)
        return drawing.page(
            request, key, "fleet_portfolio.html.j2", page=fleet_page(found), terms=terms, words=words,
            ways=tuple(weightings()), clocks=CLOCKS, twins=_TWINS,
        )  # fmt: skip

    return router
