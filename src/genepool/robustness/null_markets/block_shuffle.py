"""Blocks of candles in another order: every candle is there once, what follows on it is chance."""

import numpy as np

from genepool.market.candles import Candles
from genepool.robustness.null_markets._base import DrawMarket, NullMarket
from genepool.robustness.null_markets._block_length import block_length
from genepool.robustness.null_markets._rebuilding import rebuilt


def prepare(candles: Candles) -> DrawMarket:
    """Return what cuts the market, bent to a ring, into blocks at a drawn place, and draws their order."""
    count, length = len(candles), block_length(candles)

    def draw(rng: np.random.Generator) -> Candles:
        starts = rng.permutation(np.arange(0, count, length))
        places = np.concatenate([np.arange(start, min(start + length, count)) for start in starts.tolist()])
        return rebuilt(candles, (places + rng.integers(length)) % count)

    return draw


NULL_MARKET = NullMarket(
    name="block_shuffle",
    summary="Blocks of whole candles in a drawn order, each candle once; blocks are as long as moves of "
    "like size stay together.",
    prepare=prepare,
)
