"""``/v1/runs/{run}/checks``: what a genome stands up to; nothing is evaluated for a question."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.genomes import which
from genepool.api.v1.models import model_of
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.usecases.check_champion import CheckedGenome, check_champion

Asked = Annotated[
    str,
    Query(
        pattern=r"^([1-9][0-9]{0,8}|[0-9a-f]{16})$",
        description="The genome: its place on the leaderboard, 1 for the champion, or its fingerprint.",
    ),
]
Only = Annotated[
    str, Query(max_length=1_000, description="Names of checks, parted by commas; empty for all of them.")
]


def routes(gate: Gate, open_run: OpenRun) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    gate
        Who may ask.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs/{run}", tags=["runs"], dependencies=[Depends(gate.reads)])
    known = {**UNCHANGED, **answers(404, 422)}

    @router.get("/checks", responses={200: {"model": model_of(CheckedGenome)}, **known})
    def checks(
        run: RunName, genome: Asked = "1", only: Only = "", if_none_match: IfNoneMatch = ""
    ) -> Response:
        """List what robustness checks find of a genome; those that need genomes evaluated use known ones."""
        names = [name.strip() for name in only.split(",") if name.strip()]
        return tagged(check_champion(open_run(run), which(genome), names, evaluates=False), if_none_match)

    return router
