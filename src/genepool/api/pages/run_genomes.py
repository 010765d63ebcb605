"""The leaderboard of a run, and each genome of it: its sections, its trades, and the candles they were on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from genepool.adapters.report.blocks import Section
from genepool.adapters.report.page import genome_sections
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.held_views import HeldViews
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.api_keys import ApiKey
from genepool.usecases.export_target import ExportPrograms, offered_targets
from genepool.usecases.genome_chart import genome_chart
from genepool.usecases.genome_trades import genome_trades
from genepool.usecases.page_leaderboard import page_leaderboard
from genepool.usecases.view_run import view_genome

Rank = Annotated[int, Path(ge=1, le=2**31 - 1)]
_After = Annotated[int, Query(ge=0, le=2**31 - 1)]
_Second = Annotated[int, Query(ge=-(2**40), le=2**40)]
_ROWS = 50


def routes(gate: Gate, drawing: Drawing, open_run: OpenRun, programs: ExportPrograms) -> APIRouter:
    """Return the routes of genomes.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    open_run
        Opens a recorded run.
    programs
        What genomes can be exported to.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]
    genomes = HeldViews()

    @router.get("/genomes/{rank}")
    def genome(request: Request, key: reader, run: RunName, rank: Rank) -> Response:
        past = open_run(run)

        def drawn() -> tuple[str, list[Section]]:
            found = view_genome(past, rank)
            own = found.individual.genome
            title = f"{own.strategy} {own.fingerprint}"
            return title, genome_sections(found.run, own, found.performance, found.family)

        title, sections = genomes.of(past, rank, drawn)
        return drawing.page(
            request, key, "run_genome.html.j2", spec=past.summary.spec, name=past.name, rank=rank,
            ranked=past.length, title=title, sections=sections,
            offered=offered_targets(past, rank, programs).targets,
        )  # fmt: skip

    @router.get("/genomes/{rank}/trades")
    def trades(request: Request, key: reader, run: RunName, rank: Rank, after: _After = 0) -> Response:
        past = open_run(run)
        found = genome_trades(past, rank, after, _ROWS)
        return drawing.page(
            request, key, "run_trades.html.j2", trades=found, name=past.name, rank=rank, after=after
        )

    @router.get("/genomes/{rank}/chart")
    def chart(_key: reader, run: RunName, rank: Rank, start: _Second = 0, stop: _Second = 2**40) -> Response:
        found = genome_chart(open_run(run), rank, start, stop)
        return JSONResponse(found.as_json(), headers={"Cache-Control": "no-store"})

    @router.get("/leaderboard")
    def leaderboard(request: Request, key: reader, run: RunName, after: _After = 0) -> Response:
        past = open_run(run)
        board = page_leaderboard(past, after, _ROWS)
        return drawing.page(
            request, key, "run_leaderboard.html.j2", board=board, name=past.name, after=after,
            spec=past.summary.spec,
        )  # fmt: skip

    return router
