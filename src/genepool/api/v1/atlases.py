"""``/v1/runs/{run}/atlas``: the ways to trade that a run reached, and the champion of each."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import model_of
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.usecases.strategy_atlas import StrategyAtlas, strategy_atlas


def routes(gate: Gate, open_run: OpenRun) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    gate
        Who may ask.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs/{run}", tags=["runs"], dependencies=[Depends(gate.reads)])

    @router.get("/atlas", responses={200: {"model": model_of(StrategyAtlas)}, **UNCHANGED, **answers(404)})
    def atlas(run: RunName, if_none_match: IfNoneMatch = "") -> Response:
        """Show the strategy atlas: each way to trade that was reached, with its best genome."""
        return tagged(strategy_atlas(open_run(run)), if_none_match)

    return router
