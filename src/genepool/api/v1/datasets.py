"""``/v1/datasets``: candles that have a name, and files that are sent to get one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.upload_form import SentFile, sent_file
from genepool.api.uploads import Inbox
from genepool.api.v1.models import answer, model_of
from genepool.ports import RunCatalogue
from genepool.reading.form_fields import FieldKind, form_fields
from genepool.usecases.datasets import (
    DamagedDataset,
    DeletedDataset,
    JobBook,
    ListedDataset,
    Shelf,
    delete_dataset,
    describe_dataset,
    list_datasets,
    take_upload,
)
from genepool.usecases.describe_market import DescribedMarket, describe_market
from genepool.usecases.preview_candles import MOST_POINTS, CandlePreview, preview_candles

DatasetName = Annotated[
    str, Path(min_length=1, max_length=200, description="Sample, import or synthetic market.")
]
_MULTIPART = "multipart/form-data"
_SCHEMAS: dict[FieldKind, dict[str, Any]] = {
    "switch": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "text": {"type": "string"},
}


def routes(gate: Gate, shelf: Shelf, runs: RunCatalogue, jobs: JobBook, inbox: Inbox) -> APIRouter:
    """Return the routes of data sets.

    Parameters
    ----------
    gate
        Who may ask.
    shelf, runs, jobs
        What the use cases ask.
    inbox
        Where files lie while they are read.
    """
    router = APIRouter(prefix="/datasets", tags=["datasets"])
    sent = Annotated[SentFile, Depends(sent_file)]
    described = model_of(DescribedMarket)
    entry = model_of(ListedDataset) | model_of(DamagedDataset)

    @router.get("", responses={200: {"model": list[entry]}}, dependencies=[Depends(gate.reads)])  # type: ignore[valid-type] # made at run time
    def every() -> JSONResponse:
        """List samples and imports; as `genepool data list --json`."""
        return JSONResponse([each.as_json() for each in list_datasets(shelf)])

    @router.post(
        "",
        status_code=201,
        responses={201: {"model": described}, **answers(413, 422, 503)},
        dependencies=[Depends(gate.runs)],
        openapi_extra=_form(),
    )
    def keep(file: sent) -> JSONResponse:
        """Check a file of candles and keep it; nothing is kept of one that is refused."""
        with inbox.holding(file) as upload:
            kept = take_upload(upload, shelf, replacing=file.replace)
        return answer(kept, 201, {"Location": f"/v1/datasets/{kept.name}"})

    @router.post(
        "/describe",
        responses={200: {"model": described}, **answers(413, 422, 503)},
        dependencies=[Depends(gate.runs)],
        openapi_extra=_form(),
    )
    def understand(file: sent) -> JSONResponse:
        """Say what was understood of a file, and keep nothing; as `genepool data describe --json`."""
        with inbox.holding(file) as upload:
            return answer(describe_market(upload.called, shelf.understand(upload)))

    @router.get(
        "/{name}",
        responses={200: {"model": described}, **answers(404, 422)},
        dependencies=[Depends(gate.reads)],
    )
    def show(name: DatasetName) -> JSONResponse:
        """Describe a data set; as `genepool data describe --json`."""
        return answer(describe_dataset(name, shelf))

    @router.get(
        "/{name}/candles",
        responses={200: {"model": model_of(CandlePreview)}, **answers(404, 422)},
        dependencies=[Depends(gate.reads)],
    )
    def candles(
        name: DatasetName, points: Annotated[int, Query(ge=1, le=MOST_POINTS)] = 1_000
    ) -> JSONResponse:
        """Return candles to draw, in at most so many buckets, and the gaps between them."""
        return answer(preview_candles(name, points, shelf))

    @router.delete(
        "/{name}",
        responses={200: {"model": model_of(DeletedDataset)}, **answers(404, 409, 422)},
        dependencies=[Depends(gate.runs)],
    )
    def remove(name: DatasetName) -> JSONResponse:
        """Delete an import that no run, job or schedule needs."""
        return answer(delete_dataset(name, shelf, runs, jobs))

    return router


def _form() -> dict[str, Any]:
    """Return how OpenAPI describes the form: it is read when its client has been let in, and not before."""
    fields: dict[str, Any] = {
        "file": {"type": "string", "format": "binary", "description": "CSV, JSON, Parquet or feather."},
        "name": {"type": "string", "description": "What the market is called, as `symbol`."},
        "replace": {"type": "boolean", "description": "Whether another market's candles may go for it."},
        "source": {"type": "string", "description": "Where the data come from."},
        "licence": {"type": "string"},
    }
    fields |= {one.name: {**_SCHEMAS[one.kind], "description": one.about} for one in form_fields()}
    schema = {"type": "object", "required": ["file"], "properties": fields, "additionalProperties": False}
    return {"requestBody": {"required": True, "content": {_MULTIPART: {"schema": schema}}}}
