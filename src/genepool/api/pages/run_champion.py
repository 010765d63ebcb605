"""What a run amounts to: its verdict, its champion, and what the search found beside it."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from genepool.adapters.report.blocks import Block, Section, TableBlock, TableRow
from genepool.adapters.report.page import page, sections_of
from genepool.adapters.report.verdict_sections import verdict_sections
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.held_views import HeldViews
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.api_keys import ApiKey
from genepool.pool.report_data import ReportData
from genepool.ports.run_curves import RunCurves
from genepool.usecases.export_target import ExportPrograms, offered_targets
from genepool.usecases.past_run import PastRun
from genepool.usecases.run_points import LuckCurves
from genepool.usecases.view_run import view_champion, view_search

# What takes a second look at all that was tried.
_SEARCH = ("luck-curve", "neighbourhood-map", "left-out")


def routes(
    gate: Gate,
    drawing: Drawing,
    history: RunCurves,
    open_run: OpenRun,
    curves: LuckCurves,
    programs: ExportPrograms,
) -> APIRouter:
    """Return the routes of champions.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    history, curves
        Know why genomes failed, and the luck of runs.
    open_run
        Opens a recorded run.
    programs
        What champions can be exported to.
    """
    router = APIRouter(prefix="/runs/{run}", include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]
    known, champions, searches = HeldViews(), HeldViews(), HeldViews()

    def data_of(past: PastRun) -> ReportData:
        return known.of(past, 1, lambda: view_champion(past))

    @router.get("/champion")
    def champion(request: Request, key: reader, run: RunName) -> Response:
        past = open_run(run)
        shown = champions.of(past, 1, lambda: page(data_of(past)))
        ladder, standing = past.climbed(past.judged(past.plan()))
        sections = [_linked(one, past.name) for one in shown.sections if one.anchor not in _SEARCH]
        offered = offered_targets(past, 1, programs).targets if past.length else ()
        return drawing.page(
            request, key, "run_champion.html.j2", page=shown, sections=sections, name=past.name,
            offered=offered, ranked=past.length, sentence=ladder.sentence,
            verdict=verdict_sections(ladder, standing),
        )  # fmt: skip

    @router.get("/search")
    def search(request: Request, key: reader, run: RunName) -> Response:
        past = open_run(run)
        found = searches.of(past, 1, lambda: sections_of(view_search(past, data_of(past), history, curves)))
        sections = [one for one in found if one.anchor in _SEARCH]
        untried = not past.pruned and all(one.anchor != "neighbourhood-map" for one in sections)
        return drawing.page(
            request, key, "run_search.html.j2", sections=sections, name=past.name, untried=untried
        )

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
