"""``/v1/jobs``: order one, see what waits, what runs, and what became of it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from pydantic import Field

from genepool.api.access import Gate
from genepool.api.bodies import Strict
from genepool.api.problems import answers
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.new_job import JobBody
from genepool.api.v1.runs import IdempotencyKey
from genepool.jobs import JobState
from genepool.ports import JobQueue
from genepool.usecases.job_document import JobDocument, JobPage, job_document, page_jobs
from genepool.usecases.order_job import DataNamed, RunNamed, order_job

JobWord = Annotated[str, Query(max_length=40, pattern="^[a-z_]+$")]
JobNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Retry(Strict):
    """A job to try again."""

    time_limit: float | None = Field(
        default=None, ge=1, le=366 * 86_400, description="Seconds; as before if absent."
    )


def routes(gate: Gate, jobs: JobQueue, data_named: DataNamed, run_named: RunNamed) -> APIRouter:
    """Return the routes of jobs.

    Parameters
    ----------
    gate, jobs
        Who may ask, and the queue.
    data_named, run_named
        Check what a client calls candles and runs.
    """
    router = APIRouter(prefix="/jobs", tags=["jobs"])
    one = {200: {"model": model_of(JobDocument)}, **answers(404)}

    @router.post(
        "",
        status_code=201,
        responses={201: {"model": model_of(JobDocument)}, **answers(404, 409, 422, 503)},
        dependencies=[Depends(gate.runs)],
    )
    def order(body: JobBody, idempotency_key: IdempotencyKey = "") -> JSONResponse:
        """Queue a job; evolutions are ordered at `/v1/runs`, and files imported at `/v1/datasets`."""
        asked = replace(body.asked(data_named, run_named), idempotency_key=idempotency_key)
        ordered = order_job(asked, jobs)
        return answer(ordered, 201, {"Location": f"/v1/jobs/{ordered.id}"})

    @router.get("", responses={200: {"model": model_of(JobPage)}}, dependencies=[Depends(gate.reads)])
    def page(
        state: Annotated[list[JobState] | None, Query(max_length=7)] = None,
        kind: Annotated[list[JobWord] | None, Query(max_length=10)] = None,
        run: Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00]*$")] = None,
        before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
        count: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> JSONResponse:
        """List jobs, the newest first."""
        return answer(page_jobs(jobs, state or (), run, before, count, kind or ()))

    @router.get("/{job}", responses=one, dependencies=[Depends(gate.reads)])
    def show(job: JobNumber) -> JSONResponse:
        """Show a job."""
        return answer(job_document(jobs.job(job)))

    @router.post("/{job}/cancel", responses=one, dependencies=[Depends(gate.runs)])
    def cancel(job: JobNumber) -> JSONResponse:
        """Ask for the end of a job and of its parts; what it has found is kept."""
        return answer(job_document(jobs.cancel(job)))

    @router.post("/{job}/retry", responses={**one, **answers(409)}, dependencies=[Depends(gate.runs)])
    def retry(job: JobNumber, body: Retry | None = None) -> JSONResponse:
        """Queue a job that failed, expired or was cancelled."""
        return answer(job_document(jobs.retry(job, body.time_limit if body else None)))

    return router
