"""Blocks of candles drawn with replacement, of random length (Politis and Romano, JASA 89, 1994)."""

import numpy as np

from genepool.market.candles import Candles
from genepool.robustness.null_markets._base import DrawMarket, NullMarket
from genepool.robustness.null_markets._block_length import block_length
from genepool.robustness.null_markets._rebuilding import rebuilt


def prepare(candles: Candles) -> DrawMarket:
    """Return what draws where each block begins on the market, bent to a ring; lengths are geometric."""
    count, length = len(candles), block_length(candles)

    def draw(rng: np.random.Generator) -> Candles:
        begins = rng.random(count) < 1 / length
        begins[0] = True
        starts = rng.integers(count, size=count)
        newest = np.maximum.accumulate(np.where(begins, np.arange(count), 0))
        return rebuilt(candles, (starts[newest] + np.arange(count) - newest) % count)

    return draw


NULL_MARKET = NullMarket(
    name="stationary_bootstrap",
    summary="Blocks of whole candles drawn with replacement, of geometric length: some candles come twice, "
    "some never.",
    prepare=prepare,
)
