"""The same candles in the same order, block by block upside down or not: only directions are chance."""

import numpy as np

from genepool.market.candles import Candles
from genepool.robustness.null_markets._base import DrawMarket, NullMarket
from genepool.robustness.null_markets._block_length import block_length
from genepool.robustness.null_markets._rebuilding import rebuilt


def prepare(candles: Candles) -> DrawMarket:
    """Return what turns every block, from a drawn place on, with probability one half."""
    count, length = len(candles), block_length(candles)

    def draw(rng: np.random.Generator) -> Candles:
        block = (np.arange(count) + rng.integers(length)) // length
        turned = rng.random(int(block[-1]) + 1) < 0.5  # noqa: PLR2004 - a fair coin
        return rebuilt(candles, np.arange(count), turned[block])

    return draw


NULL_MARKET = NullMarket(
    name="sign_flip",
    summary="Every candle in its place, each block with probability one half upside down: all that is known "
    "of sizes stays.",
    prepare=prepare,
)
