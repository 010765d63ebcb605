"""``/v1/runs``: look through all runs, name them, write a note on them, and delete them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from genepool.api.access import Gate
from genepool.api.bodies import Strict
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.run_filters import After, Count, Filter
from genepool.ports import RunBook
from genepool.usecases.change_run import LONGEST_NOTE, DeletedRun, change_run, delete_run
from genepool.usecases.list_runs import ListedRun
from genepool.usecases.page_runs import RunPage, page_runs

# What changes a run asks for all of its name.
WholeName = Annotated[str, Path(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]


class RunChange(Strict):
    """What a run is called from now on, and what its user says of it; what is absent stays."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    note: str | None = Field(default=None, max_length=LONGEST_NOTE, description="Empty for none.")


def routes(gate: Gate, book: RunBook) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    gate
        Who may ask.
    book
        The recorded runs.
    """
    router = APIRouter(prefix="/runs", tags=["runs"])

    @router.get(
        "",
        responses={200: {"model": model_of(RunPage)}, **UNCHANGED},
        dependencies=[Depends(gate.reads)],
    )
    def page(
        asked: Filter, after: After = None, count: Count = 50, if_none_match: IfNoneMatch = ""
    ) -> Response:
        """List runs, page by page."""
        return tagged(page_runs(asked, book, after, count), if_none_match)

    @router.patch(
        "/{run}",
        responses={200: {"model": model_of(ListedRun)}, **answers(404, 409)},
        dependencies=[Depends(gate.runs)],
    )
    def change(run: WholeName, body: RunChange) -> JSONResponse:
        """Rename a run that nobody works on, or write a note on any."""
        return answer(change_run(run, body.name, body.note, book))

    @router.delete(
        "/{run}",
        responses={200: {"model": model_of(DeletedRun)}, **answers(404, 409)},
        dependencies=[Depends(gate.administers)],
    )
    def delete(run: WholeName) -> JSONResponse:
        """Delete a run that nobody works on; its trials still count."""
        return answer(delete_run(run, book))

    return router
