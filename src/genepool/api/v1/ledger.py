"""``/v1/ledger``: how many genomes were ever tried on which data set."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from genepool.api.access import Gate
from genepool.api.v1.models import answer, model_of
from genepool.ports import LedgerAccounts, LedgerChains, RunCatalogue
from genepool.usecases.explain_ledger import LedgerInWords, explain_ledger
from genepool.usecases.ledger_market import checked_market
from genepool.usecases.page_counts import LONGEST_PAGE
from genepool.usecases.show_ledger import ShownLedger, show_ledger
from genepool.usecases.verify_ledger import VerifiedLedger, verify_ledger


class VerifiableLedger(LedgerAccounts, LedgerChains, Protocol):
    """The ledger, with its chains."""


def routes(gate: Gate, ledger: VerifiableLedger, runs: RunCatalogue) -> APIRouter:
    """Return the routes of the ledger."""
    router = APIRouter(prefix="/ledger", tags=["ledger"], dependencies=[Depends(gate.reads)])

    @router.get("", responses={200: {"model": model_of(LedgerInWords)}})
    def page(
        after: Annotated[int, Query(ge=0, le=2**31 - 1, description="`next` of the page before.")] = 0,
        count: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> JSONResponse:
        """List data sets with their trials, those tried on last first."""
        return answer(explain_ledger(ledger, runs, after, count))

    @router.get("/verify", responses={200: {"model": model_of(VerifiedLedger)}})
    def verified(
        noted: Annotated[list[str] | None, Query(description="Hash of an entry that must be there.")] = None,
    ) -> JSONResponse:
        """Recompute every chain and compare it with the stored trials: `valid` tells, `faults` say what."""
        return answer(verify_ledger(ledger, noted or []))

    @router.get("/markets/{market}", responses={200: {"model": model_of(ShownLedger)}})
    def market(market: str) -> JSONResponse:
        """Tell how many trials count on a market, by whom, and what luck makes of so many."""
        return answer(show_ledger(ledger, checked_market(market, ledger)))

    return router
