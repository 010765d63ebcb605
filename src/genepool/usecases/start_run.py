"""Start a run: what the user did not say is filled in from the market, and the history has it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from genepool.errors import RunExists
from genepool.evolution.settings import EvolutionSettings
from genepool.history import Holdings
from genepool.market.candles import Candles
from genepool.market.provenance import DataSet
from genepool.market.split import SplitRule
from genepool.market.timeframes import file_timeframe
from genepool.names import checked_run_name, file_stem
from genepool.pool.planning import Plan, RunRequest, plan
from genepool.ports import RunCatalogue, RunLog, TrialLedger
from genepool.ports.candles import CandleSource
from genepool.robustness.known_market import known_market
from genepool.strategies import Strategy
from genepool.usecases.held_tracks import held_tracks
from genepool.usecases.market_costs import costs_of, market_of

# Signs of the symbol in the name of a run that got none.
_SYMBOL_SIGNS = 32


class Register(RunLog, RunCatalogue, TrialLedger, Protocol):
    """Where a new run is written, and which names are taken."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a user asks for.

    Parameters
    ----------
    data
        Sample, import, synthetic market or file of candles.
    reading
        Words of a command line that say how the file is read.
    run
        Name of the run; empty for one made of market and time.
    seed, preset, candles, split, settings, objective, strategies, version
        As in ``RunRequest``.
    basis_points
        Costs by field of ``CostModel``; None for what is usual for the kind of market.
    max_leverage
        Largest absolute exposure.
    own
        Strategies of the user's own that ``strategies`` may name.
    holdings
        Champions that the run is kept apart from.
    """

    data: str
    reading: tuple[str, ...]
    run: str
    seed: int
    preset: str
    candles: int | None
    split: SplitRule
    basis_points: Mapping[str, float | None]
    max_leverage: float
    settings: EvolutionSettings
    objective: str
    strategies: tuple[str, ...]
    version: str
    own: tuple[Strategy, ...] = ()
    holdings: Holdings | None = None


def start_run(asked: NewRun, source: CandleSource, history: Register) -> Plan:
    """Plan a new run and write its specification to the history; nothing is evaluated yet.

    Raises
    ------
    DataError
        When its candles are not there or do not suffice.
    ConfigError
        When a name is unknown, or its costs are.
    StoreError
        When its name is taken.
    """
    market = source.read(asked.data, asked.reading)
    return record_run(market.candles, _request(asked, market, source), history)


def rehearse_run(asked: NewRun, source: CandleSource) -> Plan:
    """Plan a new run and write nothing: what would be refused is refused.

    Raises
    ------
    DataError, ConfigError
        As ``start_run``.
    """
    market = source.read(asked.data, asked.reading)
    return plan(market.candles, replace(_request(asked, market, source), run=asked.run or "rehearsed"))


def record_run(
    market: Candles,
    request: RunRequest,
    history: Register,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Plan:
    """Plan a run on these candles and write its specification to the history.

    Parameters
    ----------
    market
        The whole data set.
    request
        What is asked for; a run without a name gets one that no other run has.
    history
        Where it is written.
    now
        Tells the time, for a name.

    Raises
    ------
    ConfigError, DataError, StoreError
        As ``start_run``.
    """
    if request.run:
        return _recorded(market, request, history)
    made_up = now()
    while True:
        taken = {summary.spec.run for summary in history.summaries()}
        try:
            return _recorded(market, replace(request, run=fresh_name(market, made_up, taken)), history)
        except RunExists:
            # Another run of the same second was faster: it is among the taken names now.
            continue


def fresh_name(market: Candles, now: datetime, taken: set[str]) -> str:
    """Return a name made of market and time that no run has."""
    symbol = file_stem(market.symbol.lower().replace(".", "-")) or "market"
    name = f"{symbol[:_SYMBOL_SIGNS]}-{file_timeframe(market.timeframe)}-{now:%y%m%d-%H%M%S}"
    number = 2
    while name in taken:
        name = f"{name.removesuffix(f'-{number - 1}')}-{number}"
        number += 1
    return name


def _request(asked: NewRun, market: DataSet, source: CandleSource) -> RunRequest:
    kind = market_of(market)
    return RunRequest(
        run=asked.run,
        seed=asked.seed,
        data=asked.data,
        preset=asked.preset,
        candles=asked.candles,
        split=asked.split,
        costs=costs_of(market.candles.symbol, kind, asked.basis_points, asked.max_leverage),
        settings=asked.settings,
        objective=asked.objective,
        strategies=asked.strategies,
        version=asked.version,
        reading=asked.reading,
        market=kind,
        own=asked.own,
        holdings=asked.holdings,
        tracks=held_tracks(asked.holdings, source),
    )


def _recorded(market: Candles, request: RunRequest, history: Register) -> Plan:
    planned = plan(market, replace(request, run=checked_run_name(request.run)))
    history.create(planned.spec)
    history.know_market(known_market(market))
    return planned
