"""From an exchange to checked candles with their funding; a download that was cut off resumes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from genepool.adapters.exchange.ccxt_client import Connection
from genepool.adapters.exchange.downloaded_pages import DownloadedPages
from genepool.adapters.exchange.market import (
    CANDLE_FIELDS,
    CANDLES_PER_REQUEST,
    FUNDING_FIELDS,
    HOUR,
    RATES_PER_REQUEST,
    Market,
)
from genepool.errors import ConfigError, InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import Candles, FloatArray
from genepool.market.funding import (
    FundingCoverage,
    FundingRates,
    funding_coverage,
    join_funding,
    ordered_rates,
)
from genepool.market.raw_columns import RawColumns
from genepool.market.timeframes import (
    longest_step,
    plain_timeframe,
    shortest_step,
    timeframe_nanoseconds,
)
from genepool.market.validation import checked

_MILLISECOND = 1_000_000
MOST_CANDLES = 1_000_000
# Told of candles or funding, of how many windows of it are done, and of how many there are.
Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """What is wanted.

    Parameters
    ----------
    symbol
        A coin, or ccxt's full symbol.
    timeframe
        Such as ``"1h"``.
    candles
        How many of the newest complete candles.
    rules
        What is asked of the candles; timeframe and present are filled in.
    now
        The present, nanoseconds since 1970 in UTC.
    """

    symbol: str
    timeframe: str
    candles: int
    rules: CandleRules
    now: int


@dataclass(frozen=True, eq=False)
class Downloaded:
    """What came.

    Parameters
    ----------
    candles
        Checked candles, funding joined where the market has any.
    market
        The exchange's name for the market.
    coverage
        How well the funding rates cover the candles; None when there are none.
    repairs
        One sentence for each thing that was changed.
    calendar
        Of the market: continuous or weekdays.
    """

    candles: Candles
    market: str
    coverage: FundingCoverage | None
    repairs: tuple[str, ...]
    calendar: str


def download(
    connection: Connection, request: DownloadRequest, pages: DownloadedPages, progress: Progress
) -> Downloaded:
    """Fetch the newest complete candles of a market with their funding.

    Time is cut into fixed windows. One that is over is kept in ``pages`` as soon as it came, and not
    asked for again by the next attempt; clear them when the candles are safe.

    Raises
    ------
    ConfigError
        When the exchange has no such market or timeframe, or the number of candles is impossible.
    ServiceUnavailable
        When the exchange does not answer.
    InvalidCandles, HistoryTooShort
        When what came cannot be traded on.
    """
    if not 2 <= request.candles <= MOST_CANDLES:  # noqa: PLR2004 - two candles make a market
        raise ConfigError(f"{request.candles} candles cannot be downloaded: give 2 to {MOST_CANDLES:,}")
    length = timeframe_nanoseconds(request.timeframe)
    step, longest = shortest_step(length) // _MILLISECOND, longest_step(length) // _MILLISECOND
    market = Market(connection, request.symbol, _offered(connection, request.timeframe), step)
    source = f"{connection.name} {market.symbol}"
    now = request.now // _MILLISECOND
    windows = _Windows(pages, now, progress)
    # One more than asked for, because the newest is still running.
    oldest = now - (request.candles + 1) * longest
    found = windows.fetch("candles", CANDLE_FIELDS, market.candles, oldest, step * CANDLES_PER_REQUEST)
    if not len(found):
        raise InvalidCandles(f"{source} has no {request.timeframe} candles: choose another timeframe or coin")
    rates = np.empty((0, len(FUNDING_FIELDS)))
    if market.has_funding:
        first = max(int(found[0, 0]), oldest) - longest
        rates = windows.fetch("funding", FUNDING_FIELDS, market.funding, first, HOUR * RATES_PER_REQUEST)
    rules = replace(request.rules, timeframe=request.timeframe, now=request.now)
    sound = checked(_raw(found), rules, source)
    candles = sound.candles(request.symbol)
    candles = candles.slice(max(0, len(candles) - request.candles), len(candles))
    candles, coverage = _with_funding(candles, rates, source)
    return Downloaded(candles, market.symbol, coverage, tuple(sound.repairs.sentences()), sound.calendar)


def _offered(connection: Connection, timeframe: str) -> str:
    """Return the exchange's name of a timeframe, which may be the user's or the plain one."""
    return timeframe if timeframe in connection.timeframes else plain_timeframe(timeframe)


class _Windows:
    """Fetches spans of time in windows that begin at whole multiples of their length.

    So an attempt an hour later asks for the same windows, and finds those that are over in the pages.
    """

    def __init__(self, pages: DownloadedPages, now: int, progress: Progress) -> None:
        self._pages, self._now, self._progress = pages, now, progress

    def fetch(
        self,
        kind: str,
        fields: Sequence[str],
        ask: Callable[[int, int], FloatArray],
        oldest: int,
        length: int,
    ) -> FloatArray:
        """Return all rows from the oldest moment until now, in time order."""
        starts = range(oldest // length * length, self._now, length)
        parts = [np.empty((0, len(fields)))]
        for done, start in enumerate(starts, 1):
            # A window that still runs grows, and so does its last candle.
            over, stop = start + length <= self._now, min(start + length, self._now)
            parts.append(self._pages.get(f"{kind}-{start}", fields, over, partial(ask, start, stop)))
            self._progress(kind, done, len(starts))
        return np.concatenate(parts)


def _raw(found: FloatArray) -> RawColumns:
    stamps = found[:, 0].astype(np.int64) * _MILLISECOND
    prices = {name: found[:, k] for k, name in enumerate(CANDLE_FIELDS) if k}
    return RawColumns(stamps, **prices, funding=None, rows=np.arange(1, len(found) + 1), zone="")


def _with_funding(candles: Candles, rates: FloatArray, source: str) -> tuple[Candles, FundingCoverage | None]:
    if len(rates) < 2:  # noqa: PLR2004 - two rates make a period
        return candles, None
    funding: FundingRates = ordered_rates(rates[:, 0].astype(np.int64) * _MILLISECOND, rates[:, 1], source)
    coverage = funding_coverage(candles.stamps, candles.timeframe, funding)
    joined = join_funding(candles.stamps, candles.timeframe, funding)
    return replace(candles, funding=joined), coverage
