"""The data sets: a list, a page each, downloads, and what deletes one."""

from importlib.util import find_spec
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from genepool.api.access import Gate
from genepool.api.bodies import understood
from genepool.api.pages.candle_picture import POINTS, candle_picture
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.moving import moved_to
from genepool.api.v1.new_job import DownloadBody
from genepool.api_keys import ApiKey
from genepool.ports import RunCatalogue
from genepool.usecases.datasets import (
    JobBook,
    Shelf,
    delete_dataset,
    describe_dataset,
    list_datasets,
)
from genepool.usecases.job_document import page_jobs
from genepool.usecases.order_job import DataNamed, RunNamed, order_job
from genepool.usecases.preview_candles import preview_candles

DOWNLOAD = "download"
_DOWNLOADS_SHOWN = 5
_GAPS_SHOWN = 50


def routes(
    gate: Gate,
    drawing: Drawing,
    shelf: Shelf,
    runs: RunCatalogue,
    jobs: JobBook,
    data_named: DataNamed,
    run_named: RunNamed,
) -> APIRouter:
    """Return the routes of the data sets.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    shelf, runs, jobs, data_named, run_named
        What the use cases ask.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]
    runner = Annotated[ApiKey, Depends(gate.page_runs)]

    @router.get("/data")
    def listed(request: Request, key: reader) -> Response:
        downloads = page_jobs(jobs, (), None, None, _DOWNLOADS_SHOWN, (DOWNLOAD,)).jobs
        part = request.headers.get("hx-request") is not None
        return drawing.page(
            request, key, "data_rows.html.j2" if part else "data.html.j2",
            entries=[entry.as_json() for entry in list_datasets(shelf)],
            downloads=downloads, can_download=find_spec("ccxt") is not None,
        )  # fmt: skip

    @router.post("/data/download")
    def download(
        _key: runner,
        exchange: Annotated[str, Form(max_length=40)],
        symbol: Annotated[str, Form(max_length=64)],
        timeframe: Annotated[str, Form(max_length=10)],
        candles: Annotated[int, Form(ge=2, le=10_000_000)],
        replace: Annotated[bool, Form()] = False,
    ) -> Response:
        said = {"exchange": exchange.strip(), "symbol": symbol.strip(), "timeframe": timeframe.strip()}
        body = understood(DownloadBody, {"kind": DOWNLOAD, **said, "candles": candles, "replace": replace})
        order_job(body.asked(data_named, run_named), jobs)
        return Response(status_code=204, headers={"HX-Trigger": "news-job"})

    @router.get("/data/{name}")
    def show(request: Request, key: reader, name: str) -> Response:
        described = describe_dataset(name, shelf)
        drawn = preview_candles(name, POINTS, shelf)
        if described.name != name:
            return RedirectResponse(f"/data/{quote(described.name)}", 303)
        kind = next(
            (entry.kind for entry in list_datasets(shelf) if entry.name == described.name), "synthetic"
        )
        return drawing.page(
            request, key, "dataset.html.j2", data=described.as_json(), kind=kind,
            picture=candle_picture(drawn), gaps=[gap for gap in drawn.gaps if not gap.expected][:_GAPS_SHOWN],
        )  # fmt: skip

    @router.post("/data/{name}/delete")
    def remove(_key: runner, name: str) -> Response:
        delete_dataset(name, shelf, runs, jobs)
        return moved_to("/data")

    return router
