"""``/v1/ledger``: how many genomes were ever tried on which data set."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from genepool.api.access import Gate
from genepool.api.v1.models import answer, model_of
from genepool.ports import LedgerPages
from genepool.usecases.page_counts import LONGEST_PAGE
from genepool.usecases.page_ledger import LedgerPage, page_ledger


def routes(gate: Gate, ledger: LedgerPages) -> APIRouter:
    """Return the routes of the ledger."""
    router = APIRouter(prefix="/ledger", tags=["ledger"], dependencies=[Depends(gate.reads)])

    @router.get("", responses={200: {"model": model_of(LedgerPage)}})
    def page(
        after: Annotated[int, Query(ge=0, le=2**31 - 1, description="`next` of the page before.")] = 0,
        count: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> JSONResponse:
        """List data sets with their trials, those tried on last first."""
        return answer(page_ledger(ledger, after, count))

    return router
