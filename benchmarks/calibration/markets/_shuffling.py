"""Noise made of a real market: its days, or weeks, in an order that chance draws."""

import numpy as np

from benchmarks.calibration.markets._base import Drawn, Order
from benchmarks.calibration.markets._drawing import PLACES, stream
from genepool.robustness.null_markets import rebuilt

# Hours of a day, and days of a week: other blocks than those of the nulls, which go by the data.
_BLOCKS = {"1h": 24, "1d": 5}
_OTHERWISE = 10


def shuffled(order: Order) -> Drawn:
    """Return the first candles of a real market whose blocks chance has put in order; all, if it has fewer.

    Raises
    ------
    ValueError
        When no candles were given.
    """
    source = order.source
    if source is None:
        raise ValueError("a shuffled market is made of real candles")
    rng, block, count = stream(order, PLACES), _BLOCKS.get(source.timeframe, _OTHERWISE), len(source)
    starts = rng.permutation(np.arange(0, count, block))
    places = np.concatenate([np.arange(start, min(start + block, count)) for start in starts.tolist()])
    return Drawn(rebuilt(source, (places + rng.integers(block)) % count).slice(0, min(order.candles, count)))
