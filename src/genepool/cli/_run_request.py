"""From flags to a run in the history: what the user did not say is filled in from the market."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from genepool.cli._bundles import read_words
from genepool.cli._data_flags import FileFlags
from genepool.cli._file_data import read_data
from genepool.errors import RunExists
from genepool.history import RunSpec
from genepool.market.candles import Candles
from genepool.market.timeframes import file_timeframe
from genepool.names import checked_run_name, file_stem
from genepool.pool.planning import Plan, Request, plan, replan
from genepool.ports import RunCatalogue, RunLog, TrialLedger
from genepool.robustness.known_market import known_market

# Signs of the symbol in the name of a run that got none.
_SYMBOL_SIGNS = 32


class Register(RunLog, RunCatalogue, TrialLedger, Protocol):
    """Where a new run is written, and which names are taken."""


def start(market: Candles, request: Request, store: Register) -> Plan:
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


def _started(market: Candles, request: Request, store: Register) -> Plan:
    planned = plan(market, replace(request, run=checked_run_name(request.run)))
    store.create(planned.spec)
    store.know_market(known_market(market))
    return planned


def carry_on(
    run: str, data: str | None, home: Path, catalogue: RunCatalogue, flags: FileFlags | None = None
) -> Plan:
    """Plan the continuation of a recorded run.

    Parameters
    ----------
    run
        Its name.
    data
        Where its candles are now, when they are not where they were.
    home
        Folder of the imports.
    catalogue
        What is recorded of runs.
    flags
        How a file is read; None or nothing said for how it was read when the run began.
    """
    return continued(catalogue.spec(run), data, home, flags)


def continued(spec: RunSpec, data: str | None, home: Path, flags: FileFlags | None = None) -> Plan:
    """Plan the continuation of a run that has this specification; as ``carry_on``."""
    said = flags if flags and flags != FileFlags() else read_words(FileFlags, spec.reading)
    said = replace(said, symbol=spec.symbol, timeframe=spec.timeframe)
    return replan(read_data(data or spec.data, home, said).candles, spec)


def know_again(planned: Plan, ledger: TrialLedger) -> None:
    """Have the history know the candles of a run that began before it knew any."""
    ledger.know_market(replace(known_market(planned.candles), digest=planned.spec.market_digest))


def _fresh_name(market: Candles, now: datetime, taken: set[str]) -> str:
    symbol = file_stem(market.symbol.lower().replace(".", "-")) or "market"
    name = f"{symbol[:_SYMBOL_SIGNS]}-{file_timeframe(market.timeframe)}-{now:%y%m%d-%H%M%S}"
    number = 2
    while name in taken:
        name = f"{name.removesuffix(f'-{number - 1}')}-{number}"
        number += 1
    return name
