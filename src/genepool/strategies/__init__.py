"""The seed strategies, one file each; a new file is found, tested and documented by itself."""

import sys
from functools import cache

from genepool.plugins import discover
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._own import OwnStrategy

__all__ = ["Genes", "OwnStrategy", "Strategy", "seed_strategies"]


@cache
def seed_strategies() -> dict[str, Strategy]:
    """Return every seed strategy by name, sorted."""
    return discover(sys.modules[__name__], "STRATEGY", Strategy)
