"""``/v1/runs/{run}/genomes``: what a genome is, what it traded, and where it comes from."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.leaderboards import AfterPlace
from genepool.api.v1.models import model_of
from genepool.api.v1.run_filters import Count
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.backtest.thinning import FEWEST_POINTS
from genepool.usecases.genome_document import GenomeDocument
from genepool.usecases.genome_equity import MOST_POINTS, GenomeEquity, genome_equity
from genepool.usecases.genome_lineage import GenomeLineage, genome_lineage
from genepool.usecases.genome_of_run import Which, genome_of
from genepool.usecases.genome_trades import GenomeTrades, genome_trades

_FINGERPRINT_SIGNS = 16
Named = Annotated[
    str,
    Path(
        pattern=r"^([1-9][0-9]{0,8}|[0-9a-f]{16})$",
        description="Its place on the leaderboard, 1 for the champion, or its fingerprint.",
    ),
]
Points = Annotated[int, Query(ge=FEWEST_POINTS, le=MOST_POINTS, description="Points of a phase at most.")]


def routes(gate: Gate, open_run: OpenRun) -> APIRouter:
    """Return the routes of genomes.

    Parameters
    ----------
    gate
        Who may ask.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(
        prefix="/runs/{run}/genomes/{genome}", tags=["genomes"], dependencies=[Depends(gate.reads)]
    )
    known = {**UNCHANGED, **answers(404)}

    @router.get("", responses={200: {"model": model_of(GenomeDocument)}, **known})
    def show(run: RunName, genome: Named, if_none_match: IfNoneMatch = "") -> Response:
        """Show a genome and what it scored."""
        return tagged(genome_of(open_run(run), which(genome)), if_none_match)

    @router.get("/trades", responses={200: {"model": model_of(GenomeTrades)}, **known})
    def trades(
        run: RunName,
        genome: Named,
        after: AfterPlace = 0,
        count: Count = 100,
        if_none_match: IfNoneMatch = "",
    ) -> Response:
        """List what it traded over each phase of its run."""
        return tagged(genome_trades(open_run(run), which(genome), after, count), if_none_match)

    @router.get("/equity", responses={200: {"model": model_of(GenomeEquity)}, **known})
    def equity(
        run: RunName, genome: Named, points: Points = 1_000, if_none_match: IfNoneMatch = ""
    ) -> Response:
        """Show how its equity went over each phase, beside that of holding."""
        return tagged(genome_equity(open_run(run), which(genome), points), if_none_match)

    @router.get("/lineage", responses={200: {"model": model_of(GenomeLineage)}, **known})
    def lineage(run: RunName, genome: Named, count: Count = 30, if_none_match: IfNoneMatch = "") -> Response:
        """List its ancestors, the newest first."""
        return tagged(genome_lineage(open_run(run), which(genome), count), if_none_match)

    return router


def which(named: str) -> Which:
    """Return the place or the fingerprint that a client names."""
    return named if len(named) == _FINGERPRINT_SIGNS else int(named)
