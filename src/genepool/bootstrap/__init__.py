"""From settings to adapters to a pool: the only place that knows local from distributed."""

from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.following import open_follower
from genepool.bootstrap.meters import Meters, open_meters
from genepool.bootstrap.placement import Mode, Placement, check_reachable, place
from genepool.bootstrap.pools import open_pool
from genepool.bootstrap.service import Service, open_service
from genepool.bootstrap.stores import open_store

__all__ = [
    "Meters",
    "Mode",
    "Placement",
    "Service",
    "SystemClock",
    "check_reachable",
    "open_follower",
    "open_meters",
    "open_pool",
    "open_service",
    "open_store",
    "place",
]
