"""Shuffled Bitcoin: what makes a real market real, but the order of its blocks."""

from benchmarks.calibration.markets._base import KindOfMarket
from benchmarks.calibration.markets._shuffling import shuffled
from genepool.market.default_costs import CRYPTO

KIND = KindOfMarket(
    name="shuffled_bitcoin",
    title="shuffled Bitcoin",
    summary="hourly BTCUSD of the shipped sample, its days (24 candles) in a drawn order",
    draw=shuffled,
    source="btcusd_1h",
    costs=CRYPTO.costs,
)
