"""Shuffled share: what makes a real market real, but the order of its blocks."""

from benchmarks.calibration.markets._base import KindOfMarket
from benchmarks.calibration.markets._shuffling import shuffled
from genepool.market.default_costs import SHARE

KIND = KindOfMarket(
    name="shuffled_share",
    title="shuffled share",
    summary="daily candles of a share that the user names with --share, its weeks (5 candles) in a drawn "
    "order",
    draw=shuffled,
    source=None,
    costs=SHARE.costs,
)
