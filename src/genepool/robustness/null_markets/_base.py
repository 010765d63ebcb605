"""What makes markets without an edge: a pure function from candles and random numbers to candles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from genepool.market.candles import Candles

DrawMarket: TypeAlias = Callable[[np.random.Generator], Candles]


@dataclass(frozen=True, slots=True)
class NullMarket:
    """A way of making markets like a given one, in which the past says nothing of the future.

    Parameters
    ----------
    name
        Module name, snake_case.
    summary
        One sentence for the documentation.
    prepare
        Learns from the given candles, once for all markets, how long blocks have to be; returns what draws a
        market: as many candles at the same stamps, marked as synthetic, valid wherever the given ones are.
        The last close is that of the given market, but for rounding: what holding earns from the first open
        to the last close is kept.
    """

    name: str
    summary: str
    prepare: Callable[[Candles], DrawMarket]
