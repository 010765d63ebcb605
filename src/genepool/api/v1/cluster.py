"""``/v1/cluster``: the workers, what they do, and what waits for them."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from genepool.api.access import Gate
from genepool.api.v1.models import answer, model_of
from genepool.usecases.cluster_document import ClusterDocument, cluster_document


def routes(gate: Gate, standing: Callable[[], Mapping[str, Any]]) -> APIRouter:
    """Return the route of the workers.

    Parameters
    ----------
    gate
        Who may ask.
    standing
        Returns the document of ``/progress``.
    """
    router = APIRouter(prefix="/cluster", tags=["cluster"])

    @router.get("", responses={200: {"model": model_of(ClusterDocument)}}, dependencies=[Depends(gate.reads)])
    def show() -> JSONResponse:
        """Show the machines and their share of the work, the runs that are bred, and what they wait for."""
        return answer(cluster_document(standing()))

    return router
