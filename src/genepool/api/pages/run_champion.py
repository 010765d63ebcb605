"""What a run amounts to: its champion, any other genome of it, their trades, and its leaderboard."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from genepool.adapters.report.blocks import Block, Section, TableBlock, TableRow
from genepool.adapters.report.page import genome_sections, page, sections_of
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.held_views import HeldViews
from genepool.api.pages.run import RunName
from genepool.api.v1.run_names import OpenRun
from genepool.api_keys import ApiKey
from genepool.ports.run_curves import RunCurves
from genepool.usecases.genome_chart import genome_chart
from genepool.usecases.genome_trades import genome_trades
from genepool.usecases.page_leaderboard import page_leaderboard
from genepool.usecases.run_points import LuckCurves
from genepool.usecases.view_run import view_champion, view_genome, view_search

Rank = Annotated[int, Path(ge=1, le=2**31 - 1)]
_After = Annotated[int, Query(ge=0, le=2**31 - 1)]
_Second = Annotated[int, Query(ge=-(2**40), le=2**40)]
_ROWS = 50
# What takes a second look at all that was tried.
_SEARCH = ("luck-curve", "neighbourhood-map", "left-out")


def routes(
    gate: Gate, drawing: Drawing, history: RunCurves, open_run: OpenRun, curves: LuckCurves
) -> APIRouter:
    """Return the routes of champions and other genomes.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    history, curves
        Know why genomes failed, and the luck of runs.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]
    champions, searches, genomes = HeldViews(), HeldViews(), HeldViews()

    @router.get("/champion")
    def champion(request: Request, key: reader, run: RunName) -> Response:
        past = open_run(run)
        shown = champions.of(past, 1, lambda: page(view_champion(past)))
        sections = [_linked(one, past.name) for one in shown.sections if one.anchor not in _SEARCH]
        return drawing.page(
            request, key, "run_champion.html.j2", page=shown, sections=sections, name=past.name,
            ranked=past.length,
        )  # fmt: skip

    @router.get("/search")
    def search(request: Request, key: reader, run: RunName) -> Response:
        past = open_run(run)
        found = searches.of(past, 1, lambda: sections_of(view_search(past, history, curves)))
        sections = [one for one in found if one.anchor in _SEARCH]
        untried = not past.pruned and all(one.anchor != "neighbourhood-map" for one in sections)
        return drawing.page(
            request, key, "run_search.html.j2", sections=sections, name=past.name, untried=untried
        )

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


def _linked(section: Section, run: str) -> Section:
    """Return the leaderboard with links to its genomes; any other section as it is."""
    if section.anchor != "leaderboard":
        return section
    return replace(section, blocks=[_with_links(block, run) for block in section.blocks])


def _with_links(block: Block, run: str) -> Block:
    if not isinstance(block, TableBlock):
        return block
    return replace(block, rows=[_led(row, run) for row in block.rows])


def _led(row: TableRow, run: str) -> TableRow:
    first, *others = row.cells
    if not first.value.isdecimal():
        return row
    address = f"/runs/{quote(run, safe='')}/genomes/{first.value}"
    return replace(row, cells=[replace(first, href=address), *others])
