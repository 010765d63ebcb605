"""``/v1/runs``: order a run, show it, stop it, continue it."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Body, Depends, Header
from fastapi.responses import JSONResponse, Response

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.new_run import Budgets, NewRunBody
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.ports import JobQueue, RunQueue
from genepool.ports.candles import CandleSource
from genepool.usecases.describe_run import DescribedRun, describe_run
from genepool.usecases.history import History
from genepool.usecases.order_run import Order, OrderedRun, order_resumption, order_run, stop_ordered

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=128,
        pattern=r"^[\x21-\x7e]*$",
        description="Sent twice under one key, it is done once.",
    ),
]


class Runs(History, RunQueue, Protocol):
    """The history, and the runs in it that may be stopped."""


def routes(gate: Gate, history: Runs, jobs: JobQueue, offered: CandleSource, open_run: OpenRun) -> APIRouter:
    """Return the routes of runs.

    Parameters
    ----------
    gate
        Who may ask.
    history, jobs
        What the use cases ask.
    offered
        The candles that clients may name.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs", tags=["runs"])

    @router.post(
        "",
        status_code=201,
        responses={201: {"model": model_of(OrderedRun)}, **answers(404, 409, 422, 503)},
        dependencies=[Depends(gate.runs)],
    )
    def order(body: NewRunBody, idempotency_key: IdempotencyKey = "") -> JSONResponse:
        """Record a run and queue the job that breeds it."""
        asked = body.rules().asked(body.data, (), body.name)
        wish = Order(body.priority, body.time_limit, idempotency_key)
        ordered = order_run(asked, offered, history, jobs, wish)
        return answer(ordered, 201, {"Location": f"/v1/runs/{ordered.run}"})

    @router.get(
        "/{run}",
        responses={200: {"model": model_of(DescribedRun)}, **UNCHANGED, **answers(404, 422)},
        dependencies=[Depends(gate.reads)],
    )
    def show(run: RunName, if_none_match: IfNoneMatch = "") -> Response:
        """Show a run: what it was, its leaderboard and the verdict; as `genepool show --json`."""
        return tagged(describe_run(open_run(run)), if_none_match)

    @router.post(
        "/{run}/stop",
        responses={200: {"model": model_of(OrderedRun)}, **answers(404, 409)},
        dependencies=[Depends(gate.runs)],
    )
    def stop(run: RunName) -> JSONResponse:
        """Ask for the end of a run; what it has found is kept, and it can be continued."""
        return answer(stop_ordered(run, history, jobs))

    @router.post(
        "/{run}/resume",
        status_code=202,
        responses={202: {"model": model_of(OrderedRun)}, **answers(404, 409, 422)},
        dependencies=[Depends(gate.runs)],
    )
    def resume(
        run: RunName,
        body: Annotated[Budgets | None, Body()] = None,
        idempotency_key: IdempotencyKey = "",
    ) -> JSONResponse:
        """Continue a run, with larger budgets if any are given."""
        budgets = body or Budgets()
        wish = Order(budgets.priority, budgets.time_limit, idempotency_key)
        return answer(order_resumption(run, budgets.by_setting(), history, jobs, wish), 202)

    return router


def listed(documents: Any) -> JSONResponse:  # noqa: ANN401 - what JSON has
    """Return values that JSON has as they are."""
    return JSONResponse(documents)
