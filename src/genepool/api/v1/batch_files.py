"""The report of a batch of markets, as it was written last and anew."""

from pathlib import Path

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, JSONResponse

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.jobs import JobNumber
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.report_files import HTML, report_file
from genepool.api.v1.runs import IdempotencyKey
from genepool.ports import JobQueue
from genepool.usecases.job_document import JobDocument, job_document
from genepool.usecases.market_batch import batch_name
from genepool.usecases.order_report import order_batch_report
from genepool.usecases.report_batch import checked_batch


def routes(gate: Gate, jobs: JobQueue, reports: Path) -> APIRouter:
    """Return the routes of the reports of batches.

    Parameters
    ----------
    gate, jobs
        Who may ask, and the queue.
    reports
        Folder of the reports.
    """
    router = APIRouter(prefix="/jobs/{job}", tags=["jobs"])

    @router.get(
        "/report",
        response_class=HTMLResponse,
        responses={200: HTML, **answers(404)},
        dependencies=[Depends(gate.reads)],
    )
    def report(job: JobNumber) -> HTMLResponse:
        """Return the HTML report of a batch as it was written last: its markets, and a page of each."""
        name = batch_name(checked_batch(jobs.job(job)))
        return report_file(
            reports,
            name,
            f"{name} has no report yet: it is written when all its markets have ended, or by "
            f"POST /v1/jobs/{job}/report, or `genepool report {name}`",
        )

    @router.post(
        "/report",
        status_code=202,
        responses={202: {"model": model_of(JobDocument)}, **answers(404, 409)},
        dependencies=[Depends(gate.runs)],
    )
    def write_report(job: JobNumber, idempotency_key: IdempotencyKey = "") -> JSONResponse:
        """Queue the job that writes the report of a batch anew, with what its markets have found by then."""
        ordered = order_batch_report(job, jobs, idempotency_key)
        return answer(job_document(ordered), 202, {"Location": f"/v1/jobs/{ordered.id}"})

    return router
