"""``/v1/strategies``, ``/v1/objectives``, ``/v1/optimizers``: what a run may be made of."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from genepool.api.access import Gate
from genepool.api.v1.models import model_of
from genepool.usecases.list_strategies import (
    DescribedObjective,
    DescribedOptimizer,
    DescribedStrategy,
    list_objectives,
    list_optimizers,
    list_strategies,
)


def routes(gate: Gate) -> APIRouter:
    """Return the routes of strategies, objectives and optimizers."""
    router = APIRouter(tags=["strategies"], dependencies=[Depends(gate.reads)])

    @router.get("/strategies", responses={200: {"model": list[model_of(DescribedStrategy)]}})  # type: ignore[misc] # made at run time
    def strategies() -> JSONResponse:
        """List the seed strategies with their genes; as `genepool strategies --json`."""
        return JSONResponse([seed.as_json() for seed in list_strategies()])

    @router.get("/objectives", responses={200: {"model": list[model_of(DescribedObjective)]}})  # type: ignore[misc] # as above
    def objectives() -> JSONResponse:
        """List what a run may strive for."""
        return JSONResponse([objective.as_json() for objective in list_objectives()])

    @router.get("/optimizers", responses={200: {"model": list[model_of(DescribedOptimizer)]}})  # type: ignore[misc] # as above
    def optimizers() -> JSONResponse:
        """List what may choose the genomes of a run."""
        return JSONResponse([optimizer.as_json() for optimizer in list_optimizers()])

    return router
