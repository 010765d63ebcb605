"""The worst falls of an equity curve: when each began, was deepest, and was made good."""

from dataclasses import dataclass

import numpy as np

from genepool.market.candles import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Drawdown:
    """One time under a former peak; stamps are UTC nanoseconds of the candles with these closes.

    Parameters
    ----------
    depth
        Largest fall, as a share of the peak, above 0.
    peak
        Where the peak stood last; the first candle where it is the opening equity.
    trough
        Where equity was lowest.
    recovered
        Where equity first stood at the peak again; None when it never did.
    candles
        Closes under the peak.
    """

    depth: float
    peak: int
    trough: int
    recovered: int | None
    candles: int


def worst_drawdowns(stamps: IntArray, equity: FloatArray, count: int = 5) -> tuple[Drawdown, ...]:
    """Return the deepest drawdowns that do not overlap, deepest first.

    Parameters
    ----------
    stamps
        Of the candles, shape (n,), n at least 1.
    equity
        At their closes, in multiples of the opening equity of 1.
    count
        How many, at most.
    """
    peaks = np.maximum(np.maximum.accumulate(equity), 1.0)
    under = (equity < peaks).astype(np.int8)
    edges = np.diff(under, prepend=np.int8(0), append=np.int8(0))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    depths = (peaks - equity) / peaks
    if not len(starts):
        return ()
    deepest = np.maximum.reduceat(depths, starts)
    # Ties in the order of time.
    chosen = np.argsort(-deepest, kind="stable")[:count]
    return tuple(_drawdown(stamps, depths, int(starts[k]), int(stops[k])) for k in chosen)


def _drawdown(stamps: IntArray, depths: FloatArray, start: int, stop: int) -> Drawdown:
    trough = start + int(np.argmax(depths[start:stop]))
    return Drawdown(
        depth=float(depths[trough]),
        peak=int(stamps[max(start - 1, 0)]),
        trough=int(stamps[trough]),
        recovered=int(stamps[stop]) if stop < len(stamps) else None,
        candles=stop - start,
    )
