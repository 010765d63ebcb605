"""Which candles of a data set a recorded run of its market knew, and which it sealed."""

import math
from dataclasses import dataclass

import numpy as np

from genepool.history import RunSpec
from genepool.market.candles import Candles
from genepool.market.timeframes import timeframe_nanoseconds


@dataclass(frozen=True, slots=True)
class RunStamps:
    """When candles of a run open, UTC nanoseconds.

    Parameters
    ----------
    first, last_visible
        The ends of what it was bred on.
    first_sealed, last
        The ends of what it sealed; the first of them lies after the last where it sealed nothing.
    """

    first: int
    last_visible: int
    first_sealed: int
    last: int

    def sealed_overlap(self, first: int, last: int) -> bool:
        """Tell whether a span of candles has some that the run sealed."""
        return self.first_sealed <= self.last and self.first_sealed <= last and first <= self.last

    def visible_overlap(self, first: int, last: int) -> bool:
        """Tell whether a span of candles has some that the run was bred on."""
        return self.first <= last and first <= self.last_visible


def run_stamps(spec: RunSpec, candles: Candles) -> RunStamps:
    """Return the stamps of a run in a data set of its market.

    The data set may begin or end elsewhere than the run's, and have another timeframe: stamps are reckoned by
    the usual spacing then. Of a run that noted no first candle, they are the newest ones.
    """
    stamps, visible = candles.stamps, spec.candles - round(spec.candles * spec.split.holdout)
    spacing = int(np.median(np.diff(stamps)))
    scale = timeframe_nanoseconds(spec.timeframe) / timeframe_nanoseconds(candles.timeframe)
    count = math.ceil(spec.candles * scale)
    first = int(stamps[max(len(stamps) - count, 0)]) if spec.first is None else spec.first
    before = first < int(stamps[0])
    place = -((int(stamps[0]) - first) // spacing) if before else int(stamps.searchsorted(first))

    def stamp(number: int) -> int:
        wanted = place + math.floor(number * scale)
        inside = min(max(wanted, 0), len(stamps) - 1)
        return int(stamps[inside]) + (wanted - inside) * spacing

    return RunStamps(first, stamp(visible - 1), stamp(visible), stamp(spec.candles - 1))
