"""``/v1/fleet``: the champions of all runs beside each other."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import model_of
from genepool.api.v1.run_filters import After, Count, Filter
from genepool.ports import RunPages
from genepool.usecases.fleet import FleetPage, fleet


def routes(gate: Gate, pages: RunPages) -> APIRouter:
    """Return the routes of the fleet."""
    router = APIRouter(prefix="/fleet", tags=["fleet"])

    @router.get(
        "",
        responses={200: {"model": model_of(FleetPage)}, **UNCHANGED},
        dependencies=[Depends(gate.reads)],
    )
    def page(
        asked: Filter, after: After = None, count: Count = 50, if_none_match: IfNoneMatch = ""
    ) -> Response:
        """List the champions of runs, by what was recorded of them; `score` sorts by theirs."""
        return tagged(fleet(asked, pages, after, count), if_none_match)

    return router
