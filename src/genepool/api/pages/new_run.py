"""The page of a new run: what it goes by, what it would be, and its start."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from genepool.adapters.files.catalogue import DataEntry
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.forms import Posted
from genepool.api.pages.new_run_fields import grouped
from genepool.api.pages.new_run_form import TypedRun, read_form
from genepool.api.problems import status_of
from genepool.api.v1.new_run import NewRunBody
from genepool.api_keys import ApiKey
from genepool.errors import GenepoolError
from genepool.ports import JobQueue
from genepool.ports.candles import CandleSource
from genepool.strategies import seed_strategies
from genepool.usecases.evolve_command import evolve_command
from genepool.usecases.foresee_run import foresee_run
from genepool.usecases.order_run import Order, OrderBook, order_run

_MISTYPED = 422


def routes(
    gate: Gate,
    drawing: Drawing,
    history: OrderBook,
    jobs: JobQueue,
    offered: CandleSource,
    catalogue: Callable[[], Sequence[DataEntry]],
) -> APIRouter:
    """Return the routes of the page.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    history, jobs
        What the use cases ask.
    offered
        The candles that a client may name.
    catalogue
        Lists the data sets that have a name.
    """
    router = APIRouter(include_in_schema=False)
    runner = Annotated[ApiKey, Depends(gate.page_runs)]

    def drawn(
        request: Request, key: ApiKey, typed: TypedRun, template: str, status: int = 200, problem: str = ""
    ) -> Response:
        return drawing.page(
            request, key, template, status, groups=grouped(typed), typed=typed, entries=catalogue(),
            seeds=seed_strategies(), problem=problem,
        )  # fmt: skip

    @router.get("/new")
    def form(request: Request, key: runner) -> Response:
        return drawn(request, key, read_form(request.query_params), "new_run.html.j2")

    @router.get("/new/foreseen")
    def foreseen(request: Request, key: runner) -> Response:
        shown = _foreseen(read_form(request.query_params), offered)
        return drawing.page(request, key, "new_run_foreseen.html.j2", **shown)

    @router.post("/new")
    def start(request: Request, key: runner, posted: Posted) -> Response:
        typed = read_form(posted)
        if typed.body is None:
            return drawn(request, key, typed, "new_run_form.html.j2", _MISTYPED)
        try:
            run = _ordered(typed.body)
        except GenepoolError as error:
            return drawn(request, key, typed, "new_run_form.html.j2", status_of(error)[0], str(error))
        return Response(headers={"HX-Redirect": f"/runs/{run}"})

    def _ordered(body: NewRunBody) -> str:
        asked = body.rules().asked(body.data, (), body.name)
        return order_run(asked, offered, history, jobs, Order(body.priority, body.time_limit)).run

    return router


def _foreseen(typed: TypedRun, source: CandleSource) -> dict[str, Any]:
    body = typed.body
    if body is None:
        return {"command": "", "run": None, "problem": "", "wrong": typed.wrong}
    command = evolve_command(body.data, body.rules(), body.name)
    try:
        run = foresee_run(body.data, body.rules(), source)
    except GenepoolError as error:
        return {"command": command, "run": None, "problem": str(error), "wrong": {}}
    return {"command": command, "run": run, "problem": "", "wrong": {}}
