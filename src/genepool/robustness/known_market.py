"""What is remembered of a data set, so that its candles are known again in another one."""

from genepool.market.candles import Candles
from genepool.market.marks import marks
from genepool.robustness.ledger import KnownMarket


def known_market(candles: Candles) -> KnownMarket:
    """Return what is remembered of a data set."""
    return KnownMarket(candles.digest, candles.symbol, candles.timeframe, marks(candles))
