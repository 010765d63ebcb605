"""What evolution strives for, one file each."""

import sys
from functools import cache

from genepool.objectives._apart import kept_apart
from genepool.objectives._base import Objective
from genepool.objectives._floor import MINIMUM_TRADES
from genepool.plugins import discover

__all__ = ["MINIMUM_TRADES", "Objective", "kept_apart", "objectives"]


@cache
def objectives() -> dict[str, Objective]:
    """Return every objective by name, sorted."""
    return discover(sys.modules[__name__], "OBJECTIVE", Objective)
