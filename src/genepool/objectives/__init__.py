"""What evolution strives for, one file each."""

import sys
from functools import cache

from genepool.objectives._base import Objective
from genepool.plugins import discover

__all__ = ["Objective", "objectives"]


@cache
def objectives() -> dict[str, Objective]:
    """Return every objective by name, sorted."""
    return discover(sys.modules[__name__], "OBJECTIVE", Objective)
