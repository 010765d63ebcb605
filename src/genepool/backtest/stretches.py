"""What was traded in the phases of a problem, as records: for reports that draw and do not compute."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.market.candles import FloatArray, IntArray

IN_SAMPLE = "in-sample"
WALK_FORWARD = "walk-forward"


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The equity of one phase; it opens with the equity that the phase before it ended with.

    Parameters
    ----------
    phase
        ``"in-sample"``, or ``"fold 1"`` and so on.
    stamps
        Opening times of its candles in UTC nanoseconds, shape (n,).
    equity
        Equity at each close, in multiples of the equity that the first stretch opened with, shape (n,).
    exposure
        Position over equity at each close, signed, shape (n,).
    """

    phase: str
    stamps: IntArray
    equity: FloatArray
    exposure: FloatArray

    @property
    def out_of_sample(self) -> bool:
        """Whether breeding never saw it."""
        return self.phase != IN_SAMPLE


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One trade of the champion.

    Parameters
    ----------
    phase
        Stretch in which it was made.
    entry, exit
        UTC nanoseconds.
    side
        1 long, -1 short.
    units, entry_price, exit_price
        What was held, and at which fills.
    fees, funding, result
        Shares of the equity that its stretch opened with; the result is after fees and funding.
    reason
        Why it ended: signal, stop, target, liquidation, or end when the phase ended first.
    opening_equity
        Equity before it, as a multiple of what its stretch opened with.
    """

    phase: str
    entry: int
    exit: int
    side: int
    units: float
    entry_price: float
    exit_price: float
    fees: float
    funding: float
    result: float
    reason: str
    opening_equity: float = 1.0


def joined(stretches: Sequence[Stretch]) -> tuple[IntArray, FloatArray]:
    """Return stamps and equity of all stretches, one after the other."""
    if not stretches:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    stamps = np.concatenate([stretch.stamps for stretch in stretches])
    return stamps, np.concatenate([stretch.equity for stretch in stretches])
