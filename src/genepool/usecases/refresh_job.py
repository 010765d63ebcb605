"""A champion is refreshed: its run's rules are followed again on the candles that there are now."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from genepool.errors import ConfigError
from genepool.genome import is_own
from genepool.history import RunSpec, RunSummary
from genepool.market.candles import Candles
from genepool.market.moments import timestamp
from genepool.market.provenance import DataSet
from genepool.names import fits
from genepool.pool.planning import OWN_COUNT, Plan, RunRequest
from genepool.ports.candles import CandleSource
from genepool.usecases.document import json_value, members
from genepool.usecases.download_job import DownloadJob
from genepool.usecases.held_tracks import held_tracks
from genepool.usecases.job_terms import request_of
from genepool.usecases.past_run import PastRun
from genepool.usecases.start_run import Register, record_run
from genepool.usecases.verdict_document import champion_of_board

# What a job of this kind is called.
REFRESH = "refresh"
_REFRESHED = re.compile(r"^(?P<first>.+)-refresh-(?P<number>\d+)$")
# Newest candles of the old history that are fetched again, and stand in both.
_OVERLAP = 24


@dataclass(frozen=True, slots=True)
class RefreshJob:
    """What is asked for.

    Parameters
    ----------
    run
        The run whose champion is refreshed.
    data
        Where its candles are now; None for where they were.
    download
        Whether candles that were downloaded are first continued from their exchange.
    base_url
        Stands in for the exchange's own address; empty for that.
    """

    run: str
    data: str | None = None
    download: bool = False
    base_url: str = ""

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "RefreshJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)


def refreshed_name(run: str, number: int) -> str:
    """Return the name of the run that a job of this number makes, the same at each attempt.

    Examples
    --------
    >>> refreshed_name("gold", 7), refreshed_name("gold-refresh-7", 9)
    ('gold-refresh-7', 'gold-refresh-9')
    """
    first = _first(run)
    while not fits(name := f"{first}-refresh-{number}"):
        first = first[:-1].rstrip(".")
    return name


def newest_of(run: str, summaries: Iterable[RunSummary], but: str) -> RunSummary:
    """Return the run that was made last of a run and its refreshments.

    Parameters
    ----------
    run
        The run, or one of its refreshments.
    summaries
        All runs.
    but
        Name of the one that is being made.
    """
    family = [one for one in summaries if one.spec.run == run or _first(one.spec.run) == _first(run)]
    return max((one for one in family if one.spec.run != but), key=lambda one: _number(one.spec.run))


def missing_candles(asked: RefreshJob, held: DataSet) -> DownloadJob | None:
    """Return the download that continues candles; None for those that came from no exchange."""
    candles, origin = held.candles, held.provenance
    if not asked.download or origin.layout != "ccxt":
        return None
    return DownloadJob(
        exchange=origin.source.partition(" ")[0],
        symbol=candles.symbol,
        timeframe=candles.timeframe,
        since=timestamp(int(candles.stamps[-min(_OVERLAP, len(candles))])),
        joined=True,
        base_url=asked.base_url,
    )


def refresh_run(
    old: RunSpec, name: str, data: str, market: Candles, history: Register, source: CandleSource
) -> Plan:
    """Record a new run by an old run's rules, on the candles that there are now.

    Parameters
    ----------
    old
        The run whose rules are followed.
    name
        Of the new run.
    data
        Where the candles are.
    market
        The candles.
    history
        Where it is recorded.
    source
        Where the candles of champions are that the run is kept apart from.

    Raises
    ------
    ConfigError
        When its strategies are the user's own.
    DataError, StoreError
        As ``record_run``.
    """
    if any(map(is_own, old.strategies)):
        raise ConfigError(
            f"run {old.run} was bred with strategies of your own, which no worker has: refresh it from Python"
        )
    request = RunRequest(
        run=name,
        seed=old.seed,
        data=data,
        preset="all" if old.preset == OWN_COUNT else old.preset,
        candles=old.candles if old.preset == OWN_COUNT else None,
        split=old.split,
        costs=old.costs,
        settings=old.settings,
        objective=old.objective,
        strategies=old.strategies,
        version=version("genepool"),
        reading=old.reading,
        market=old.market or "",
        holdings=old.holdings,
        tracks=held_tracks(old.holdings, source),
    )
    return record_run(market, request, history)


def before_of(past: PastRun) -> Mapping[str, Any]:
    """Return the champion of the run that was refreshed."""
    champion = champion_of_board(past.ranking.board)
    return {"run": past.name, "champion": json_value(champion)}


def _first(run: str) -> str:
    found = _REFRESHED.match(run)
    return found["first"] if found else run


def _number(run: str) -> int:
    found = _REFRESHED.match(run)
    return int(found["number"]) if found else 0
