"""Candles that are downloaded later, by a worker."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genepool.errors import ConfigError
from genepool.market.moments import nanoseconds
from genepool.market.timeframes import shortest_step, timeframe_nanoseconds
from genepool.usecases.document import members
from genepool.usecases.job_terms import request_of

_USUAL_CANDLES = 20_000


@dataclass(frozen=True, slots=True)
class WantedSpan:
    """Which candles are wanted: how many of the newest before a moment, and none before another.

    ``until`` and ``since`` are nanoseconds since 1970 in UTC; ``since`` is None for as many as there are.
    """

    candles: int
    until: int
    since: int | None


@dataclass(frozen=True, slots=True)
class DownloadJob:
    """What ``genepool data download`` asks for.

    Parameters
    ----------
    exchange
        ccxt's name of it.
    symbol
        A coin, or ccxt's full symbol.
    timeframe
        Such as ``1h``.
    candles
        How many of the newest complete ones; None for all since a moment, or for 20,000.
    since, until
        ISO 8601, in UTC where no zone is named; empty for no bound, and for now.
    checks
        Words of a command line that say what is asked of the candles.
    replace
        Whether another market's candles may go for them.
    joined
        Whether older candles of the same market, which the exchange may have forgotten, are kept before
        the new ones.
    base_url
        Stands in for the exchange's own address; empty for that.
    """

    exchange: str = "hyperliquid"
    symbol: str = "BTC"
    timeframe: str = "1h"
    candles: int | None = None
    since: str = ""
    until: str = ""
    checks: tuple[str, ...] = ()
    replace: bool = False
    joined: bool = False
    base_url: str = ""

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "DownloadJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)

    def span(self, now: int) -> WantedSpan:
        """Return which candles are wanted.

        Parameters
        ----------
        now
            Nanoseconds since 1970 in UTC.

        Raises
        ------
        ConfigError
            When a moment is not understood, or nothing lies between both.
        """
        until = min(now, _moment("until", self.until)) if self.until else now
        if not self.since:
            return WantedSpan(_USUAL_CANDLES if self.candles is None else self.candles, until, None)
        since = _moment("since", self.since)
        if since >= until:
            before = self.until or "now"
            raise ConfigError(f"no candles lie between {self.since} and {before}: give an earlier since")
        count = math.ceil((until - since) / shortest_step(timeframe_nanoseconds(self.timeframe)))
        return WantedSpan(count if self.candles is None else min(count, self.candles), until, since)


def _moment(name: str, text: str) -> int:
    try:
        return nanoseconds(text)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"{name} is {text!r}: give a moment such as 2024-01-31 or 2024-01-31T12:00"
        ) from error
