"""The figures that the curves of a run's page are drawn from, while they grow."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response

from genepool.api.access import Gate
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.api_keys import ApiKey
from genepool.usecases.run_points import LuckCurves, run_points

_After = Annotated[int, Query(ge=-1, le=2**31 - 1)]
_FRESH = {"Cache-Control": "no-store"}


def routes(gate: Gate, open_run: OpenRun, curves: LuckCurves) -> APIRouter:
    """Return the routes of a run's figures.

    Parameters
    ----------
    gate
        Who may look.
    open_run
        Opens a recorded run.
    curves
        Know the luck of runs.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/points")
    def points(_key: reader, run: RunName, after: _After = -1) -> Response:
        return JSONResponse(run_points(open_run(run), after).as_json(), headers=_FRESH)

    @router.get("/luck")
    def luck(_key: reader, run: RunName) -> Response:
        return JSONResponse(curves.so_far(open_run(run).summary).as_json(), headers=_FRESH)

    return router
