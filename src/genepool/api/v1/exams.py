"""``/v1/runs/{run}/exam``: the exam of a champion on the sealed candles, sat once, and their unsealing."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import answer, model_of
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.usecases.sealed_exam import RunExam, SatExam, UnsealedExam, asked_exam, exam_of, unseal_exam


def routes(gate: Gate, open_run: OpenRun) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    gate
        Who may ask.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs/{run}", tags=["runs"])

    @router.get(
        "/exam",
        responses={200: {"model": model_of(RunExam)}, **UNCHANGED, **answers(404)},
        dependencies=[Depends(gate.reads)],
    )
    def exam(run: RunName, if_none_match: IfNoneMatch = "") -> Response:
        """Show the exam that a run's champion has sat; `exam` is null where it has not. Nothing is spent."""
        past = open_run(run)
        return tagged(RunExam(past.name, exam_of(past)), if_none_match)

    @router.post(
        "/exam",
        responses={200: {"model": model_of(SatExam)}, **answers(404, 409, 422)},
        dependencies=[Depends(gate.runs)],
    )
    def take_exam(run: RunName) -> JSONResponse:
        """Have the champion sit the exam, which spends an attempt on its market; again, it is what it was.

        `bred_on_by` names other runs that were bred on some of its candles.
        """
        past = open_run(run)
        return answer(asked_exam(past))

    @router.post(
        "/exam/unseal",
        responses={200: {"model": model_of(UnsealedExam)}, **answers(404, 409, 422)},
        dependencies=[Depends(gate.administers)],
    )
    def unseal(run: RunName) -> JSONResponse:
        """Show all that the champion did on the sealed candles; no exam on the market counts from then on.

        It cannot be undone, asks nobody again, and concerns every run and user of the market.
        """
        return answer(unseal_exam(open_run(run)))

    return router
