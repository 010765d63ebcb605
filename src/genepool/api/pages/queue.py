"""The queue: jobs and how far they are, and what is queued again and again."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.bodies import understood
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.moving import moved_to
from genepool.api.pages.paging import linked
from genepool.api.v1.jobs import JobNumber
from genepool.api.v1.new_job import RefreshBody
from genepool.api.v1.schedules import ScheduleNumber
from genepool.api_keys import ApiKey
from genepool.jobs import ENDED, JobState
from genepool.usecases.datasets import JobBook
from genepool.usecases.job_document import job_document, page_jobs, schedule_document
from genepool.usecases.market_batch import batch_name
from genepool.usecases.order_job import DataNamed, RunNamed, order_schedule
from genepool.usecases.order_report import order_batch_report

_ROWS = 50
_PARTS = 200
_HOUR, _DAY = 3_600.0, 86_400.0
KINDS = ("evolve", "batch", "backtest", "import", "download", "report", "refresh")
# An ended job that can be queued again.
AGAIN: frozenset[JobState] = ENDED - {"done"}


def routes(
    gate: Gate, drawing: Drawing, jobs: JobBook, data_named: DataNamed, run_named: RunNamed, reports: Path
) -> APIRouter:
    """Return the routes of the queue.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    jobs, data_named, run_named
        What the use cases ask.
    reports
        Folder of the reports.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]
    runner = Annotated[ApiKey, Depends(gate.page_runs)]
    changed = {"HX-Trigger": "news-job"}

    @router.get("/queue")
    def listed(
        request: Request,
        key: reader,
        state: JobState | Literal[""] = "",
        kind: Annotated[str, Query(max_length=40, pattern="^[a-z_]*$")] = "",
        before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    ) -> Response:
        page = page_jobs(jobs, (state,) if state else (), None, before, _ROWS, (kind,) if kind else ())
        filters = {"state": state, "kind": kind}
        part = request.headers.get("hx-request") is not None
        return drawing.page(
            request, key, "queue_rows.html.j2" if part else "queue.html.j2", page=page, again=AGAIN,
            here_again=linked("/queue", **filters, before=before), filters=filters,
            older=linked("/queue", **filters, before=page.before) if page.before else None,
            newest=linked("/queue", **filters) if before else None,
            states=get_args(JobState), kinds=KINDS,
            schedules=[schedule_document(each) for each in jobs.planned()],
        )  # fmt: skip

    @router.get("/queue/{job}")
    def show(request: Request, key: reader, job: JobNumber) -> Response:
        asked = jobs.job(job)
        found, reported = job_document(asked), (reports / f"{batch_name(asked)}.html").exists()
        parts = [job_document(part) for part in jobs.jobs(parent=job, count=_PARTS)]
        part = request.headers.get("hx-request") is not None
        return drawing.page(
            request, key, "job_facts.html.j2" if part else "job.html.j2", job=found, parts=parts[::-1],
            again=AGAIN, ended=ENDED, reported=reported, hours=found.time_limit / _HOUR,
        )  # fmt: skip

    @router.post("/queue/{job}/cancel")
    def cancel(_key: runner, job: JobNumber) -> Response:
        jobs.cancel(job)
        return Response(status_code=204, headers=changed)

    @router.post("/queue/{job}/retry")
    def retry(
        _key: runner, job: JobNumber, hours: Annotated[float | None, Form(gt=0, le=24 * 366)] = None
    ) -> Response:
        jobs.retry(job, hours * _HOUR if hours else None)
        return moved_to(f"/queue/{job}")

    @router.post("/queue/{job}/report")
    def write_report(_key: runner, job: JobNumber) -> Response:
        return moved_to(f"/queue/{order_batch_report(job, jobs).id}")

    @router.post("/queue/schedules")
    def plan(
        _key: runner,
        run: Annotated[str, Form(max_length=80)],
        days: Annotated[float, Form(gt=0, le=366)],
        download: Annotated[bool, Form()] = False,
    ) -> Response:
        body = understood(RefreshBody, {"kind": "refresh", "run": run.strip(), "download": download})
        order_schedule(body.asked(data_named, run_named), days * _DAY, jobs)
        return moved_to("/queue")

    @router.post("/queue/schedules/{schedule_number}/remove")
    def unplan(_key: runner, schedule_number: ScheduleNumber) -> Response:
        jobs.unplan(schedule_number)
        return moved_to("/queue")

    return router
