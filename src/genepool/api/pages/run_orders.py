"""What a user has done with a run from its page: stop it, continue it, have its report written."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.v1.run_names import RunName
from genepool.api_keys import ApiKey
from genepool.ports import JobQueue
from genepool.usecases.order_report import order_report
from genepool.usecases.order_run import Order, RunningRuns, order_resumption, stop_ordered

_Whole = Annotated[int | None, Form(ge=1, le=10**12)]
_Minutes = Annotated[float | None, Form(gt=0, le=10**6)]


def routes(gate: Gate, drawing: Drawing, history: RunningRuns, jobs: JobQueue) -> APIRouter:
    """Return the routes of a run's buttons.

    Parameters
    ----------
    gate, drawing
        Who may press them, and how the answer looks.
    history, jobs
        What the use cases ask.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    runner = Annotated[ApiKey, Depends(gate.page_runs)]

    @router.post("/stop")
    def stop(request: Request, key: runner, run: RunName) -> Response:
        stop_ordered(run, history, jobs)
        said = "The run is asked to stop. What it has found is kept, and it can be continued."
        return drawing.page(request, key, "told.html.j2", said=said)

    @router.post("/resume")
    def resume(
        run: RunName,
        _key: runner,
        generations: _Whole = None,
        max_evaluations: _Whole = None,
        max_minutes: _Minutes = None,
        plateau: _Whole = None,
    ) -> Response:
        asked = {
            "generations": generations,
            "evaluations": max_evaluations,
            "minutes": max_minutes,
            "plateau": plateau,
        }
        budgets = {name: value for name, value in asked.items() if value is not None}
        order_resumption(run, budgets, history, jobs, Order())
        return Response(headers={"HX-Refresh": "true"})

    @router.post("/report")
    def report(request: Request, key: runner, run: RunName) -> Response:
        job = order_report(run, history, jobs)
        said = f"Job {job.id} writes the report."
        return drawing.page(request, key, "told.html.j2", said=said)

    return router
