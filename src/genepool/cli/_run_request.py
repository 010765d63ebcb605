"""From flags to a run in the history: what the user did not say is filled in from the market."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from genepool.adapters.files.catalogue import find_data
from genepool.adapters.files.importing import ImportOptions
from genepool.errors import RunExists
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.rules import Rules
from genepool.names import checked_run_name, file_stem
from genepool.pool.planning import Plan, Request, plan, replan
from genepool.pool.venues import BASIS_POINTS, venue_of
from genepool.ports import EvolutionStore
from genepool.robustness.ledger import known_market

# Signs of the symbol in the name of a run that got none.
_SYMBOL_SIGNS = 32


def read_market(data: str, home: Path, symbol: str = "", timeframe: str | None = None) -> Candles:
    """Return the candles of a sample, an import, a synthetic market or a file.

    Parameters
    ----------
    data
        Name or path.
    home
        Folder of the imports.
    symbol, timeframe
        What the user says about a file that does not say it itself.
    """
    return find_data(data, home, ImportOptions(symbol=symbol, rules=Rules(timeframe=timeframe))).candles


def costs_of(symbol: str, basis_points: Mapping[str, float | None], max_leverage: float) -> CostModel:
    """Return the venue's usual costs with what the user said in their place.

    Parameters
    ----------
    symbol
        The market; it decides what is usual.
    basis_points
        By field of ``CostModel``; None where the user said nothing.
    max_leverage
        Largest absolute exposure.
    """
    said = {name: points / BASIS_POINTS for name, points in basis_points.items() if points is not None}
    return replace(venue_of(symbol).costs, **said, max_leverage=max_leverage)


def start(market: Candles, request: Request, store: EvolutionStore) -> Plan:
    """Plan a new run and write its specification to the history.

    Raises
    ------
    ConfigError
        When its name cannot be one.
    StoreError
        When its name is taken.
    """
    if request.run:
        return _started(market, request, store)
    made_up = datetime.now(UTC)
    while True:
        taken = {summary.spec.run for summary in store.summaries()}
        try:
            return _started(market, replace(request, run=_fresh_name(market, made_up, taken)), store)
        except RunExists:
            # Another run of the same second was faster: it is among the taken names now.
            continue


def _started(market: Candles, request: Request, store: EvolutionStore) -> Plan:
    planned = plan(market, replace(request, run=checked_run_name(request.run)))
    store.create(planned.spec)
    store.know_market(known_market(market))
    return planned


def carry_on(run: str, data: str | None, home: Path, store: EvolutionStore) -> Plan:
    """Plan the continuation of a recorded run.

    Parameters
    ----------
    run
        Its name.
    data
        Where its candles are now, when they are not where they were.
    home
        Folder of the imports.
    store
        The history.
    """
    spec = store.spec(run)
    return replan(read_market(data or spec.data, home, spec.symbol, spec.timeframe), spec)


def know_again(planned: Plan, store: EvolutionStore) -> None:
    """Have the history know the candles of a run that began before it knew any."""
    store.know_market(replace(known_market(planned.candles), digest=planned.spec.market_digest))


def _fresh_name(market: Candles, now: datetime, taken: set[str]) -> str:
    symbol = file_stem(market.symbol.lower().replace(".", "-")) or "market"
    name = f"{symbol[:_SYMBOL_SIGNS]}-{market.timeframe}-{now:%y%m%d-%H%M%S}"
    number = 2
    while name in taken:
        name = f"{name.removesuffix(f'-{number - 1}')}-{number}"
        number += 1
    return name
