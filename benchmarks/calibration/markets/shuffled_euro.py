"""Shuffled EURUSD: what makes a real market real, but the order of its blocks."""

from benchmarks.calibration.markets._base import KindOfMarket
from benchmarks.calibration.markets._shuffling import shuffled
from genepool.market.default_costs import FOREX

KIND = KindOfMarket(
    name="shuffled_euro",
    title="shuffled EURUSD",
    summary="hourly EURUSD of the shipped sample, its days (24 candles) in a drawn order",
    draw=shuffled,
    source="eurusd_1h",
    costs=FOREX.costs,
)
