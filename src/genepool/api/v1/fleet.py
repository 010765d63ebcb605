"""``/v1/fleet``: the champions of all runs beside each other."""

from collections.abc import Callable

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import model_of
from genepool.api.v1.run_filters import After, Count, Filter
from genepool.ports import RunPages
from genepool.usecases.fleet import FleetPage, fleet
from genepool.usecases.fleet_verdicts import FleetHistory


def routes(
    gate: Gate, pages: RunPages, history: FleetHistory, unjudged: Callable[[str], object]
) -> APIRouter:
    """Return the routes of the fleet.

    Parameters
    ----------
    gate, pages, history
        Who may look, the runs, and what their verdicts are told from.
    unjudged
        Has the verdict of a run found from its candles, so that a later look tells it.
    """
    router = APIRouter(prefix="/fleet", tags=["fleet"])

    @router.get(
        "",
        responses={200: {"model": model_of(FleetPage)}, **UNCHANGED},
        dependencies=[Depends(gate.reads)],
    )
    def page(
        asked: Filter, after: After = None, count: Count = 50, if_none_match: IfNoneMatch = ""
    ) -> Response:
        """List the champions of runs with their verdicts of now; `score` sorts by the champions'.

        `rung`, `reached` and `verdict` are null until a run has ended, and while its verdict is being
        found from its candles.
        """
        return tagged(fleet(asked, pages, history, after, count, unjudged), if_none_match)

    return router
