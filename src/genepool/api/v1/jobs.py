"""``/v1/jobs``: what waits, what runs, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from pydantic import Field

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.new_run import Strict
from genepool.jobs import JobState
from genepool.ports import JobQueue
from genepool.usecases.job_document import JobDocument, JobPage, job_document, page_jobs

JobNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Retry(Strict):
    """A job to try again."""

    time_limit: float | None = Field(
        default=None, ge=1, le=366 * 86_400, description="Seconds; as before if absent."
    )


def routes(gate: Gate, jobs: JobQueue) -> APIRouter:
    """Return the routes of jobs."""
    router = APIRouter(prefix="/jobs", tags=["jobs"])
    one = {200: {"model": model_of(JobDocument)}, **answers(404)}

    @router.get("", responses={200: {"model": model_of(JobPage)}}, dependencies=[Depends(gate.reads)])
    def page(
        state: Annotated[list[JobState] | None, Query(max_length=7)] = None,
        run: Annotated[str | None, Query(max_length=80)] = None,
        before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
        count: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> JSONResponse:
        """List jobs, the newest first."""
        return answer(page_jobs(jobs, state or (), run, before, count))

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
