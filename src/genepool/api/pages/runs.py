"""The list of runs: filtered, sorted, compared; each can be renamed, noted and deleted."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.forms import Posted
from genepool.api.pages.run_lists import STATES, shown_list
from genepool.api.problems import status_of
from genepool.api_keys import ApiKey
from genepool.errors import GenepoolError
from genepool.ports import RunBook
from genepool.usecases.change_run import change_run, delete_run
from genepool.usecases.list_runs import list_runs
from genepool.usecases.page_runs import page_runs

# Tells the list, which waits for news of runs, that one has changed.
_NEWS = {"HX-Trigger": "news-run"}


def routes(gate: Gate, drawing: Drawing, book: RunBook) -> APIRouter:
    """Return the routes of the list.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    book
        The runs.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]
    runner = Annotated[ApiKey, Depends(gate.page_runs)]
    administrator = Annotated[ApiKey, Depends(gate.page_administers)]

    @router.get("/")
    def home() -> Response:
        return RedirectResponse("/runs", 303)

    @router.get("/runs")
    def listed(request: Request, key: reader) -> Response:
        shown = shown_list("/runs", request.query_params)
        page = page_runs(shown.asked, book, shown.after)
        part = request.headers.get("hx-request") is not None
        template = "runs_rows.html.j2" if part else "runs.html.j2"
        return drawing.page(request, key, template, page=page, shown=shown, states=STATES)

    @router.get("/runs/{run}/edit")
    def edit(request: Request, key: runner, run: str) -> Response:
        line = list_runs([book.summary(run)])[0]
        return drawing.page(request, key, "run_edit.html.j2", run=run, name=run, note=line.note, problem="")

    @router.post("/runs/{run}/edit")
    def save(request: Request, key: runner, run: str, posted: Posted) -> Response:
        name, note = str(posted.get("name", "")).strip(), str(posted.get("note", ""))
        try:
            changed = change_run(run, name if name != run else None, note.replace("\r\n", "\n"), book)
        except GenepoolError as error:
            told: dict[str, Any] = {"run": run, "name": name, "note": note, "problem": str(error)}
            return drawing.page(request, key, "run_edit.html.j2", status_of(error)[0], **told)
        said = f"Run {changed.run} is saved."
        return drawing.page(request, key, "run_said.html.j2", said=said, headers=_NEWS)

    @router.delete("/runs/{run}")
    def delete(request: Request, key: administrator, run: str) -> Response:
        gone = delete_run(run, book)
        said = f"Run {gone.run} is deleted; what it tried still counts in the ledger."
        return drawing.page(request, key, "run_said.html.j2", said=said, headers=_NEWS)

    return router
