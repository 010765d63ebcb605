"""One market of an exchange: its candles and funding rates, window by window."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from genepool.adapters.exchange.ccxt_client import Connection
from genepool.errors import ConfigError, ServiceUnavailable
from genepool.market.candles import FloatArray

CANDLE_FIELDS = ("stamp", "open", "high", "low", "close", "volume")
FUNDING_FIELDS = ("stamp", "rate")
# What all common venues give at once; one that gives less is asked again for the rest of the window.
CANDLES_PER_REQUEST = 1_000
RATES_PER_REQUEST = 500
HOUR = 3_600_000
_QUOTES = ("USDC", "USDT", "USD")
# Venues stamp a payment up to a few seconds late, never early, and none pays more often than hourly.
_LATE = 5_000


class Market:
    """One market of an exchange.

    Parameters
    ----------
    connection
        The exchange.
    symbol
        A coin (``"BTC"``: its perpetual in dollars, or else its spot market) or ccxt's full symbol
        (``"BTC/USDC:USDC"``).
    timeframe
        Such as ``"1h"``.
    step
        The timeframe in milliseconds.

    Raises
    ------
    ConfigError
        When the exchange has no such market or timeframe.
    ServiceUnavailable
        When it does not answer.
    """

    def __init__(self, connection: Connection, symbol: str, timeframe: str, step: int) -> None:
        if timeframe not in connection.timeframes:
            offered = ", ".join(connection.timeframes)
            raise ConfigError(f"{connection.name} has no {timeframe} candles: choose from {offered}")
        self._connection = connection
        self._timeframe = timeframe
        self._step = step
        chosen = _chosen(connection.ask("load_markets").values(), symbol)
        if chosen is None:
            raise ConfigError(f"{connection.name} has no market {symbol!r}: give a coin such as BTC")
        self.symbol: str = chosen["symbol"]
        self.has_funding = bool(chosen.get("swap")) and connection.offers("fetchFundingRateHistory")

    def candles(self, start: int, end: int) -> FloatArray:
        """Return the candles that open in [start, end), milliseconds; columns as CANDLE_FIELDS."""
        rows: list[list[float]] = []
        while start < end:
            answer = self._connection.ask(
                "fetch_ohlcv", self.symbol, self._timeframe, start, CANDLES_PER_REQUEST, {"until": end - 1}
            )
            page = _within(answer, start, end)
            if not page:
                break
            rows += page
            start = int(page[-1][0]) + self._step
        return _table(rows, len(CANDLE_FIELDS))

    def funding(self, start: int, end: int) -> FloatArray:
        """Return the funding rates charged in [start, end), milliseconds; columns as FUNDING_FIELDS."""
        rows: list[list[float]] = []
        while start + _LATE < end:
            answer = self._connection.ask(
                "fetch_funding_rate_history", self.symbol, start, RATES_PER_REQUEST, {"until": end - 1}
            )
            page = _within([[rate["timestamp"], rate["fundingRate"]] for rate in answer], start, end)
            if not page:
                break
            rows += page
            start = int(page[-1][0]) + HOUR - _LATE
        return _table(rows, len(FUNDING_FIELDS))


def _chosen(markets: Iterable[Mapping[str, Any]], symbol: str) -> Mapping[str, Any] | None:
    wanted = symbol.upper()
    found = [market for market in markets if wanted in (market["symbol"].upper(), market["base"].upper())]
    return min(found, key=lambda market: _rank(market, wanted), default=None)


def _rank(market: Mapping[str, Any], wanted: str) -> tuple[bool, bool, int, str]:
    """Order markets of one coin: the one named in full, then dollar perpetuals, then dollar spot."""
    quote = _QUOTES.index(market["quote"]) if market["quote"] in _QUOTES else len(_QUOTES)
    perpetual = bool(market.get("swap")) and market.get("linear") is not False
    return market["symbol"].upper() != wanted, not perpetual, quote, market["symbol"]


def _within(rows: Iterable[list[Any]], start: int, end: int) -> list[list[float]]:
    """Keep a window's rows, in time order; what is no number becomes nan, for validation to name."""
    numbers = [[np.nan if cell is None else float(cell) for cell in row] for row in rows]
    if any(np.isnan(row[0]) for row in numbers):
        raise ServiceUnavailable("the exchange sent a row without a time stamp: try again later")
    return sorted(row for row in numbers if start <= row[0] < end)


def _table(rows: list[list[float]], columns: int) -> FloatArray:
    return np.array(rows, dtype=np.float64).reshape(len(rows), columns)
