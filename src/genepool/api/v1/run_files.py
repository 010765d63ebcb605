"""What is made of a run: its report, and files for other programs."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from genepool.api.access import Gate
from genepool.api.downloads import DownloadOnce
from genepool.api.problems import answers
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.report_files import HTML, report_file
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.api.v1.runs import IdempotencyKey
from genepool.ports import JobQueue, RunCatalogue
from genepool.usecases.export_run import ExportWriters, What, export_run
from genepool.usecases.job_document import JobDocument, job_document
from genepool.usecases.named_run import find_run
from genepool.usecases.order_report import order_report
from genepool.usecases.past_run import PastRun

Rank: TypeAlias = Annotated[
    int, Query(ge=1, le=2**31 - 1, description="Place on the leaderboard, 1 for the champion.")
]

_CSV = "text/csv; charset=utf-8"
_JSON = "application/json"
_FILES: dict[str, Any] = {
    "content": {"text/csv": {"schema": {"type": "string"}}, _JSON: {"schema": {"type": "object"}}}
}


def routes(
    gate: Gate,
    history: RunCatalogue,
    jobs: JobQueue,
    open_run: OpenRun,
    reports: Path,
    writers: ExportWriters,
) -> APIRouter:
    """Return the routes of a run's files.

    Parameters
    ----------
    gate
        Who may ask.
    history, jobs
        What the use cases ask.
    open_run
        Opens a recorded run.
    reports
        Folder of the reports.
    writers
        Write the files.
    """
    router = APIRouter(prefix="/runs/{run}", tags=["runs"])

    @router.get(
        "/report",
        response_class=HTMLResponse,
        responses={200: HTML, **answers(404)},
        dependencies=[Depends(gate.reads)],
    )
    def report(run: RunName) -> HTMLResponse:
        """Return the HTML report of a run as it was written last: one file that needs no network."""
        name = find_run(run, history.summaries()).spec.run
        return report_file(reports, name, _no_report(name))

    @router.post(
        "/report",
        status_code=202,
        responses={202: {"model": model_of(JobDocument)}, **answers(404, 409)},
        dependencies=[Depends(gate.runs)],
    )
    def write_report(run: RunName, idempotency_key: IdempotencyKey = "") -> JSONResponse:
        """Queue the job that writes the report; the champion's neighbours that it tries count as trials."""
        job = order_report(run, history, jobs, idempotency_key)
        return answer(job_document(job), 202, {"Location": f"/v1/jobs/{job.id}"})

    @router.get(
        "/exports/{what}",
        response_class=Response,
        responses={200: _FILES, **answers(404, 409, 422)},
        dependencies=[Depends(gate.reads)],
    )
    def export(run: RunName, what: What, rank: Rank = 1) -> DownloadOnce:
        """Download a genome as JSON, or its trades, fills or equity, or all trials, as CSV."""
        past = open_run(run)
        of_one = what is not What.TRIALS
        stem = f"{past.name}-{what.value}" + (f"-{rank}" if of_one and rank > 1 else "")
        kind, ending = (_JSON, "json") if what is What.GENOME else (_CSV, "csv")

        return DownloadOnce(
            partial(_written, past, what, rank, writers=writers), f"{stem}.{ending}", media_type=kind
        )

    return router


def _written(past: PastRun, what: What, rank: int, file: Path, writers: ExportWriters) -> None:
    export_run(past, what, rank, file, writers)


def _no_report(run: str) -> str:
    return (
        f"run {run} has no report yet: ask for one with POST /v1/runs/{run}/report, or write it with "
        f"`genepool report {run}`"
    )
