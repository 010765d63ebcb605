"""What a bot did where its breeding never saw the candles: the only record that a fleet is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from genepool.market.candles import FloatArray, IntArray
from genepool.market.timeframes import timeframe_nanoseconds


@dataclass(frozen=True, slots=True, eq=False)
class TestedStretch:
    """One walk-forward fold of a bot, opened with an equity of 1.

    Parameters
    ----------
    opens
        UTC nanoseconds of the open of its first candle.
    closes
        UTC nanoseconds at which its candles closed, rising, shape (n,).
    equity
        At these closes, after costs and funding, shape (n,).
    exposure
        Position over equity at these closes, signed, shape (n,).
    """

    # pytest would collect a class of this name.
    __test__ = False

    opens: int
    closes: IntArray
    equity: FloatArray
    exposure: FloatArray

    def equity_at(self, stamps: IntArray) -> FloatArray:
        """Return the equity at the last close up to each stamp; 1 before the first."""
        places = np.searchsorted(self.closes, stamps, side="right")
        return np.concatenate(([1.0], self.equity))[places]

    def exposure_at(self, stamps: IntArray) -> FloatArray:
        """Return the exposure at the last close up to each stamp; 0 before the first."""
        places = np.searchsorted(self.closes, stamps, side="right")
        return np.concatenate(([0.0], self.exposure))[places]


@dataclass(frozen=True, slots=True, eq=False)
class BotRecord:
    """A bot's record out of sample.

    Parameters
    ----------
    name
        What it is called, unique in the fleet.
    timeframe
        Of its candles.
    maintenance_margin
        Share of its notional below which equity may not fall.
    stretches
        Its walk-forward folds, in order.
    """

    name: str
    timeframe: str
    maintenance_margin: float
    stretches: tuple[TestedStretch, ...]

    @property
    def step(self) -> int:
        """How long a candle lasts, in nanoseconds."""
        return timeframe_nanoseconds(self.timeframe)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """When it was tested: from each stretch's first open to its last close."""
        return [(one.opens, int(one.closes[-1])) for one in self.stretches]

    def over(self, first: int, last: int) -> TestedStretch:
        """Return the stretch that holds a common span."""
        return next(one for one in self.stretches if one.opens <= first and last <= int(one.closes[-1]))


def common_spans(records: Sequence[BotRecord]) -> list[tuple[int, int]]:
    """Return the spans, in UTC nanoseconds, in which every bot was tested out of sample."""
    return reduce(_overlaps, (record.spans for record in records)) if records else []


def _overlaps(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    met = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return sorted((first, last) for first, last in met if first < last)
