"""The ledger: how much was ever tried on each market, and what that makes of a champion."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.paging import linked
from genepool.api_keys import ApiKey
from genepool.ports import LedgerPages, RunCatalogue
from genepool.usecases.explain_ledger import explain_ledger

_ROWS = 50


def routes(gate: Gate, drawing: Drawing, ledger: LedgerPages, runs: RunCatalogue) -> APIRouter:
    """Return the routes of the ledger.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    ledger, runs
        What is shown.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/ledger")
    def listed(
        request: Request, key: reader, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
    ) -> Response:
        page = explain_ledger(ledger, runs, after, _ROWS)
        return drawing.page(
            request, key, "ledger.html.j2", page=page,
            following=linked("/ledger", after=page.next) if page.next else None,
            first=linked("/ledger") if after else None,
        )  # fmt: skip

    return router
