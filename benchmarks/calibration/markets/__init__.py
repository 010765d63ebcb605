"""Markets of which is known whether they hold an edge, one kind in each file."""

import sys
from functools import cache

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from genepool.plugins import discover

__all__ = ["Drawn", "KindOfMarket", "Order", "kinds_of_market"]


@cache
def kinds_of_market() -> dict[str, KindOfMarket]:
    """Return every kind of market by name, sorted."""
    return discover(sys.modules[__name__], "KIND", KindOfMarket)
