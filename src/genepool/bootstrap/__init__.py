"""From settings to adapters to a pool: the only place that knows local from distributed.

What only the coordinator needs, and what comes with an extra, is imported from ``service`` and ``meters``.
"""

from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.following import open_follower
from genepool.bootstrap.placement import Mode, Placement, check_reachable, place
from genepool.bootstrap.pools import open_pool
from genepool.bootstrap.stores import open_store

__all__ = [
    "Mode",
    "Placement",
    "SystemClock",
    "check_reachable",
    "open_follower",
    "open_pool",
    "open_store",
    "place",
]
