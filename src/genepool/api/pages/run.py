"""One run: live while it is bred, and its champion once it is over."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.v1.run_names import OpenRun
from genepool.api_keys import ApiKey
from genepool.ports import JobQueue
from genepool.usecases.cluster_document import cluster_document
from genepool.usecases.run_log import run_log
from genepool.usecases.run_standing import WatchedRun, run_standing

RunName = Annotated[str, Path(min_length=1, max_length=80)]
_Number = Annotated[int | None, Query(ge=0, le=2**31 - 1)]
_JOBS = 50
_ROWS = 50
# Beneath the curves.
_NEWEST = 20


def routes(
    gate: Gate,
    drawing: Drawing,
    jobs: JobQueue,
    open_run: OpenRun,
    standing: Callable[[], Mapping[str, Any]],
) -> APIRouter:
    """Return the routes of a run's page.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    jobs
        Those about runs.
    open_run
        Opens a recorded run.
    standing
        Tells where workers and runs stand.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    def stood(run: str) -> tuple[WatchedRun, Mapping[str, Any]]:
        past, told = open_run(run), standing()
        found = run_standing(past, jobs.jobs(run=past.name, count=_JOBS), told["runs"])
        return found, {"run": found, "name": past.name, "cluster": cluster_document(told)}

    @router.get("")
    def page(request: Request, key: reader, run: RunName) -> Response:
        past = open_run(run)
        log = run_log(past, jobs.jobs(run=past.name, count=_JOBS), count=_NEWEST)
        return drawing.page(request, key, "run.html.j2", **stood(run)[1], log=log)

    @router.get("/standing")
    def stands(request: Request, key: reader, run: RunName) -> Response:
        return drawing.page(request, key, "run_standing.html.j2", **stood(run)[1])

    @router.get("/actions")
    def actions(request: Request, key: reader, run: RunName, shown: str) -> Response:
        found, told = stood(run)
        answer = drawing.page(request, key, "run_actions.html.j2", **told)
        if (shown == "over") != found.over:
            # Live and over are two pages at one address.
            answer.headers["HX-Refresh"] = "true"
        return answer

    @router.get("/log")
    def logged(request: Request, key: reader, run: RunName, before: _Number = None) -> Response:
        past = open_run(run)
        part = request.headers.get("hx-request") is not None
        about = jobs.jobs(run=past.name, count=_JOBS)
        log = run_log(past, about, before, _NEWEST if part else _ROWS)
        template = "run_log.html.j2" if part else "run_log_page.html.j2"
        return drawing.page(request, key, template, log=log, name=past.name, spec=past.summary.spec)

    return router
