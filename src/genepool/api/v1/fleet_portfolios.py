"""``/v1/fleet/portfolio``: champions of several runs as one account."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.models import model_of
from genepool.api.v1.run_names import OpenRun
from genepool.portfolio.clocks import ClockName
from genepool.portfolio.terms import MOST, PATHS, FleetTerms
from genepool.portfolio.weightings import DEFAULT_WEIGHTING, weightings
from genepool.ports import RunPages
from genepool.usecases.compare_genomes import named_genome
from genepool.usecases.fleet_bots import MOST_BOTS
from genepool.usecases.fleet_document import FleetPortfolio
from genepool.usecases.fleet_portfolio import finished_runs, fleet_portfolio

# Runs, or genomes of them, that a client names.
FleetRuns = Annotated[
    list[str] | None,
    Query(
        max_length=MOST_BOTS,
        description="Runs whose champions take part, NAME/3 or NAME/FINGERPRINT for another genome; all "
        "finished runs without it.",
    ),
]


def fleet_terms(
    weights: Annotated[
        str, Query(max_length=40, description=f"How shares are worked out: {', '.join(weightings())}.")
    ] = DEFAULT_WEIGHTING,
    clock: Annotated[ClockName, Query(description="How often the account goes back to its shares.")] = "day",
    max_correlation: Annotated[
        float | None, Query(ge=-1, le=1, description="The weaker of two bots that exceed it is left out.")
    ] = None,
    kelly_fraction: Annotated[float, Query(gt=0, le=1, description="Share of full Kelly.")] = 0.5,
    max_leverage: Annotated[float, Query(gt=0, le=MOST, description="Largest sum of shares.")] = 1.0,
    max_share: Annotated[float, Query(gt=0, le=MOST, description="Largest share of each bot.")] = 1.0,
    ruin: Annotated[float, Query(gt=0, le=1, description="Share of the start that counts as ruin.")] = 0.5,
    seed: Annotated[int, Query(ge=0, lt=2**63, description="Of the years that are drawn.")] = 0,
    paths: Annotated[
        int | None,
        Query(ge=100, le=PATHS, description="How many years are drawn; 500 by the hour without it."),
    ] = None,
) -> FleetTerms:
    """Return what a query decides of a fleet.

    Raises
    ------
    ConfigError
        When there are no such weights.
    """
    return FleetTerms(
        weights, clock, max_correlation, kelly_fraction, max_leverage, max_share, ruin, seed, paths
    )


Terms = Annotated[FleetTerms, Depends(fleet_terms)]


def portfolio_of(
    words: list[str] | None, terms: FleetTerms, pages: RunPages, open_run: OpenRun
) -> FleetPortfolio:
    """Return the fleet of the runs that a client names, or of all finished ones.

    Raises
    ------
    ConfigError, RunNotFound, GenomeNotFound, DataError
        As ``fleet_portfolio``.
    """
    named = [named_genome(word) for word in words or ()] or finished_runs(pages)
    return fleet_portfolio(named, terms, open_run, time.time_ns())


def routes(gate: Gate, pages: RunPages, open_run: OpenRun) -> APIRouter:
    """Return the routes of fleets as portfolios.

    Parameters
    ----------
    gate, pages
        Who may look, and the runs.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(prefix="/fleet/portfolio", tags=["fleet"])

    @router.get(
        "",
        responses={200: {"model": model_of(FleetPortfolio)}, **UNCHANGED},
        dependencies=[Depends(gate.reads)],
    )
    def portfolio(terms: Terms, run: FleetRuns = None, if_none_match: IfNoneMatch = "") -> Response:
        """Put champions into one account: shares, correlation, margin, and what may follow in a year.

        Out-of-sample returns alone, over the periods in which all of them were tested.
        """
        return tagged(portfolio_of(run, terms, pages, open_run), if_none_match)

    return router
