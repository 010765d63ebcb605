"""The strategy atlas of a run: its map, each cell's champion, and a fleet of those that are ticked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.pages.atlas_picture import atlas_picture
from genepool.api.pages.drawing import Drawing
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.api_keys import ApiKey
from genepool.pool.commands import fleet_command
from genepool.usecases.strategy_atlas import strategy_atlas

# More would make no fleet, and no address that a browser may send.
_TICKED_AT_MOST = 100
_Ticked = Annotated[list[str] | None, Query(max_length=_TICKED_AT_MOST)]


def routes(gate: Gate, drawing: Drawing, open_run: OpenRun) -> APIRouter:
    """Return the route of the page.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/atlas")
    def page(request: Request, key: reader, run: RunName, genome: _Ticked = None) -> Response:
        past = open_run(run)
        found = strategy_atlas(past)
        # What is no champion of this map is left out: an address may be old.
        ticked = [cell.genome for cell in found.cells if cell.champion.fingerprint in (genome or ())]
        return drawing.page(
            request, key, "run_atlas.html.j2", atlas=found, name=past.name, spec=past.summary.spec,
            picture=atlas_picture(found, ticked), ticked=set(ticked),
            command=fleet_command(ticked) if ticked else "",
            varied=[named.rpartition("/")[2] for named in found.varied],
        )  # fmt: skip

    return router
