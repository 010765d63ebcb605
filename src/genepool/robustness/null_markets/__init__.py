"""Markets like a given one, without its edge, one way of making them in each file."""

import sys
from functools import cache

from genepool.plugins import discover
from genepool.robustness.null_markets._base import DrawMarket, NullMarket
from genepool.robustness.null_markets._rebuilding import rebuilt

__all__ = ["DEFAULT_NULL_MARKET", "DrawMarket", "NullMarket", "null_markets", "rebuilt"]

DEFAULT_NULL_MARKET = "block_shuffle"


@cache
def null_markets() -> dict[str, NullMarket]:
    """Return every way of making markets without an edge by name, sorted."""
    return discover(sys.modules[__name__], "NULL_MARKET", NullMarket)
