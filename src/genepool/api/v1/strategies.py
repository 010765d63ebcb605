"""``/v1/strategies`` and ``/v1/objectives``: what evolution starts from, and what it may strive for."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from genepool.api.access import Gate
from genepool.api.v1.models import model_of
from genepool.usecases.list_strategies import (
    DescribedObjective,
    DescribedStrategy,
    list_objectives,
    list_strategies,
)


def routes(gate: Gate) -> APIRouter:
    """Return the routes of strategies and objectives."""
    router = APIRouter(tags=["strategies"], dependencies=[Depends(gate.reads)])

    @router.get("/strategies", responses={200: {"model": list[model_of(DescribedStrategy)]}})  # type: ignore[misc] # made at run time
    def strategies() -> JSONResponse:
        """List the seed strategies with their genes; as `genepool strategies --json`."""
        return JSONResponse([seed.as_json() for seed in list_strategies()])

    @router.get("/objectives", responses={200: {"model": list[model_of(DescribedObjective)]}})  # type: ignore[misc] # as above
    def objectives() -> JSONResponse:
        """List what a run may strive for."""
        return JSONResponse([objective.as_json() for objective in list_objectives()])

    return router
