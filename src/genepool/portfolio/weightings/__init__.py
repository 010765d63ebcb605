"""How an account is shared among bots, one way in each file."""

import sys
from functools import cache

from genepool.plugins import discover
from genepool.portfolio.weightings._base import FleetMoments, Weighting

__all__ = ["DEFAULT_WEIGHTING", "FleetMoments", "Weighting", "weightings"]

DEFAULT_WEIGHTING = "hrp"


@cache
def weightings() -> dict[str, Weighting]:
    """Return every way of sharing an account by name, sorted."""
    return discover(sys.modules[__name__], "WEIGHTING", Weighting)
