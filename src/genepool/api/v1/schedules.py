"""``/v1/schedules``: jobs that are queued again and again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse
from pydantic import Field

from genepool.api.access import Gate
from genepool.api.bodies import Strict
from genepool.api.problems import answers
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.new_job import JobBody
from genepool.ports import JobSchedule
from genepool.usecases.job_document import ScheduleDocument, schedule_document
from genepool.usecases.order_job import (
    EVERY_SECONDS_AT_LEAST,
    EVERY_SECONDS_AT_MOST,
    DataNamed,
    RunNamed,
    order_schedule,
)

ScheduleNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NewSchedule(Strict):
    """A job to queue again and again."""

    job: JobBody
    every_seconds: float = Field(ge=EVERY_SECONDS_AT_LEAST, le=EVERY_SECONDS_AT_MOST)


def routes(gate: Gate, schedule: JobSchedule, data_named: DataNamed, run_named: RunNamed) -> APIRouter:
    """Return the routes of schedules.

    Parameters
    ----------
    gate, schedule
        Who may ask, and what is planned.
    data_named, run_named
        Check what a client calls candles and runs.
    """
    router = APIRouter(prefix="/schedules", tags=["schedules"])
    one = model_of(ScheduleDocument)

    @router.get("", responses={200: {"model": list[one]}}, dependencies=[Depends(gate.reads)])  # type: ignore[valid-type] # made at run time
    def every() -> JSONResponse:
        """List what is queued again and again, the next first."""
        return JSONResponse([schedule_document(each).as_json() for each in schedule.planned()])

    @router.post(
        "",
        status_code=201,
        responses={201: {"model": one}, **answers(404, 422)},
        dependencies=[Depends(gate.runs)],
    )
    def order(body: NewSchedule) -> JSONResponse:
        """Queue a job every so many seconds, first when as many have passed; ordered twice, it is one."""
        asked = body.job.asked(data_named, run_named)
        return answer(order_schedule(asked, body.every_seconds, schedule), 201)

    @router.delete(
        "/{schedule_number}", status_code=204, responses=answers(404), dependencies=[Depends(gate.runs)]
    )
    def remove(schedule_number: ScheduleNumber) -> None:
        """Queue it no more; what waits already stays."""
        schedule.unplan(schedule_number)

    return router
