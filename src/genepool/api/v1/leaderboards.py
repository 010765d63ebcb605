"""``/v1/runs/{run}``: its generations and its leaderboard, page by page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import model_of
from genepool.api.v1.run_filters import Count
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.usecases.page_generations import GenerationPage, page_generations
from genepool.usecases.page_leaderboard import LeaderboardPage, page_leaderboard

_MOST = 2**31 - 1
AfterPlace = Annotated[int, Query(ge=0, le=_MOST, description="`next` of the page before.")]


def routes(gate: Gate, open_run: OpenRun) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    gate
        Who may ask.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs/{run}", tags=["runs"], dependencies=[Depends(gate.reads)])
    known = {**UNCHANGED, **answers(404)}

    @router.get("/generations", responses={200: {"model": model_of(GenerationPage)}, **known})
    def generations(
        run: RunName,
        after: Annotated[int | None, Query(ge=0, le=_MOST, description="`next` of the page before.")] = None,
        count: Count = 100,
        if_none_match: IfNoneMatch = "",
    ) -> Response:
        """List generations in figures, the first first."""
        return tagged(page_generations(open_run(run), after, count), if_none_match)

    @router.get("/leaderboard", responses={200: {"model": model_of(LeaderboardPage)}, **known})
    def leaderboard(
        run: RunName, after: AfterPlace = 0, count: Count = 50, if_none_match: IfNoneMatch = ""
    ) -> Response:
        """List genomes, the champion first."""
        return tagged(page_leaderboard(open_run(run), after, count), if_none_match)

    return router
