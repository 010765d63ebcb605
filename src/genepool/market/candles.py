"""Candles: immutable columns of one market, with a digest equal on every machine."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market import arrays
from genepool.market.annual import NANOSECONDS_PER_YEAR as NANOSECONDS_PER_YEAR  # noqa: PLC0414
from genepool.market.annual import candles_a_year, candles_a_year_over
from genepool.market.timeframes import timeframe_nanoseconds

FloatArray: TypeAlias = arrays.FloatArray
IntArray: TypeAlias = arrays.IntArray

PRICE_COLUMNS = ("open", "high", "low", "close")


@dataclass(frozen=True, eq=False)
class Candles:
    """One market's OHLCV candles, stamped at their opens, in UTC nanoseconds.

    Every column is a read-only, C-contiguous float64 array of shape (n,); ``stamps`` is int64.

    Parameters
    ----------
    symbol, timeframe
        Such as ``"BTCUSD"`` and ``"1h"``.
    stamps
        Opening times, strictly rising, nanoseconds since 1970 in UTC.
    open, high, low, close
        Prices in quote currency, positive.
    volume
        Traded volume in the source's own unit; None when the source has none.
    funding
        Sum of the funding rates stamped in (open of the candle before, open of this one], as a
        fraction of notional: what a holder going into this candle pays when long, 0 where no stamp
        falls. None when the source has none.
    synthetic
        Whether the candles were generated; everything that shows them says so.
    """

    symbol: str
    timeframe: str
    stamps: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray | None = None
    funding: FloatArray | None = None
    synthetic: bool = False

    def __post_init__(self) -> None:
        for name in ("stamps", *PRICE_COLUMNS, "volume", "funding"):
            column = getattr(self, name)
            if column is None:
                continue
            kind = np.int64 if name == "stamps" else np.float64
            frozen = np.ascontiguousarray(column, dtype=kind)
            frozen = frozen.copy() if frozen.flags.writeable else frozen
            frozen.flags.writeable = False
            if frozen.shape != (len(self.stamps),):
                raise InvalidCandles(f"column {name} of {self.symbol} has another length than the stamps")
            object.__setattr__(self, name, frozen)

    def __len__(self) -> int:
        return len(self.stamps)

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns that are there, beside stamps."""
        names = (*PRICE_COLUMNS, "volume", "funding")
        return frozenset(name for name in names if getattr(self, name) is not None)

    @cached_property
    def candles_per_year(self) -> float:
        """How many candles this market has in 365 days: what every ratio is annualised with.

        ``annual.candles_a_year`` says how it is counted.
        """
        if len(self) < 2:  # noqa: PLR2004 - two stamps make a spacing
            raise InvalidCandles(f"{self.symbol} has {len(self)} candles: too few to read a spacing from")
        return candles_a_year(self.stamps, timeframe_nanoseconds(self.timeframe))

    def candles_per_year_over(self, start: int, stop: int) -> float:
        """How many candles a year annualise what is traded on [start, stop) alone."""
        if len(self) < 2:  # noqa: PLR2004 - as above
            return self.candles_per_year
        return candles_a_year_over(self.stamps, timeframe_nanoseconds(self.timeframe), start, stop)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over symbol, timeframe and the little-endian bytes of every column."""
        state = hashlib.sha256(f"candles/1|{self.symbol}|{self.timeframe}|{len(self)}".encode())
        for name in ("stamps", *PRICE_COLUMNS, "volume", "funding"):
            column = getattr(self, name)
            state.update(f"|{name}:".encode())
            if column is not None:
                state.update(column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes())
        return state.hexdigest()

    def slice(self, start: int, stop: int) -> "Candles":
        """Return the candles [start, stop) as a market of their own."""
        columns = {
            name: column[start:stop]
            for name in (*PRICE_COLUMNS, "volume", "funding")
            if (column := getattr(self, name)) is not None
        }
        return replace(self, stamps=self.stamps[start:stop], **columns)

    def apart(self, start: int, stop: int) -> "Candles":
        """Return the candles [start, stop) in memory of their own, from which no other candle is reached."""
        part = self.slice(start, stop)
        columns = {
            name: column.copy()
            for name in ("stamps", *PRICE_COLUMNS, "volume", "funding")
            if (column := getattr(part, name)) is not None
        }
        return replace(part, **columns)
