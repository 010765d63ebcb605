"""The fleet: the champions of all runs beside each other."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from genepool.adapters.report.notation import NONE, measure
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.run_lists import shown_list
from genepool.api_keys import ApiKey
from genepool.backtest.caveats import reading_of
from genepool.ports import RunPages
from genepool.robustness.ladder import Rung, short_verdict
from genepool.strategies import seed_strategies
from genepool.usecases.fleet import FleetChampion, fleet
from genepool.usecases.fleet_verdicts import FleetHistory

# Figures of a champion, by what stands above them.
_COLUMNS = {"return": "total_return", "Sharpe": "sharpe", "drawdown": "max_drawdown", "trades": "trades"}
_SPANS = ("in_sample", "walk_forward")


def routes(
    gate: Gate,
    drawing: Drawing,
    pages: RunPages,
    history: FleetHistory,
    unjudged: Callable[[str], object],
) -> APIRouter:
    """Return the routes of the page.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    pages, history
        The runs, and what their verdicts are told from.
    unjudged
        Has the verdict of a run found from its candles, so that a later look tells it.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/fleet")
    def listed(request: Request, key: reader) -> Response:
        shown = shown_list("/fleet", request.query_params, "score")
        page = fleet(shown.asked, pages, history, shown.after, unjudged=unjudged)
        part = request.headers.get("hx-request") is not None
        template = "fleet_rows.html.j2" if part else "fleet.html.j2"
        return drawing.page(
            request, key, template, page=page, shown=shown, columns=tuple(_COLUMNS), figures=_figures,
            seeds=tuple(seed_strategies()), short=short_verdict, rungs=len(Rung),
        )  # fmt: skip

    return router


def _figures(champion: FleetChampion) -> list[str]:
    """Return what a champion did, span by span, as far as it may be said."""
    found = []
    for span in _SPANS:
        measures = getattr(champion, span)
        for field in _COLUMNS.values():
            told = measures and measure(reading_of(field, measures, champion.candles_per_year))
            found.append(told or NONE)
    return found
