"""A backtest by calendar year, in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from genepool.backtest.position import NO_GAIN
from genepool.backtest.trade_statistics import TradeList
from genepool.market.candles import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Year:
    """One calendar year, or the part of it that was traded.

    Parameters
    ----------
    year
        Such as 2019, in UTC, by the opening times of candles.
    total_return
        Equity at its last close over that at the last close before it.
    max_drawdown
        Largest fall from a peak within the year, its opening equity included.
    benchmarks
        Returns of the benchmarks by name.
    trades, won
        Trades that ended in it, and how many of them won.
    candles
        How many of them were traded.
    """

    year: int
    total_return: float
    max_drawdown: float
    benchmarks: Mapping[str, float]
    trades: int
    won: int
    candles: int


def by_year(
    stamps: IntArray, equity: FloatArray, benchmarks: Mapping[str, FloatArray], trades: TradeList
) -> tuple[Year, ...]:
    """Cut a backtest into calendar years.

    Parameters
    ----------
    stamps
        Of the candles, shape (n,), n at least 1.
    equity
        At their closes, in multiples of the opening equity of 1.
    benchmarks
        Equity of others over the same candles.
    trades
        Trades made on them.
    """
    years, ended = _years_of(stamps), _years_of(trades.exits)
    edges = [*np.flatnonzero(np.diff(years, prepend=years[0] - 1)).tolist(), len(years)]
    return tuple(
        Year(
            year=int(years[start]),
            total_return=_return(equity, start, stop),
            max_drawdown=_drawdown(equity, start, stop),
            benchmarks={name: _return(curve, start, stop) for name, curve in benchmarks.items()},
            trades=int((ended == years[start]).sum()),
            won=int((trades.returns[ended == years[start]] > NO_GAIN).sum()),
            candles=stop - start,
        )
        for start, stop in pairwise(edges)
    )


def _years_of(stamps: IntArray) -> IntArray:
    return stamps.astype("datetime64[ns]").astype("datetime64[Y]").astype(np.int64) + 1970


def _before(equity: FloatArray, start: int) -> float:
    return float(equity[start - 1]) if start else 1.0


def _return(equity: FloatArray, start: int, stop: int) -> float:
    before = _before(equity, start)
    return float(equity[stop - 1]) / before - 1.0 if before > 0.0 else 0.0


def _drawdown(equity: FloatArray, start: int, stop: int) -> float:
    curve = np.concatenate([[_before(equity, start)], equity[start:stop]])
    peaks = np.maximum.accumulate(curve)
    return float(np.divide(peaks - curve, peaks, out=np.zeros_like(curve), where=peaks > 0.0).max())
