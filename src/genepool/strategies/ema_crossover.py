"""Follow the trend that a fast and a slow exponential average of the close agree on.

Long while the fast average stands above the slow one by more than the dead band, short while it
stands below by more than the band. Between the two the former side is held, so that a market
going nowhere does not cause a trade at every touch.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import ema, exponential_lookback
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._repair import rising
from genepool.strategies._sides import followed


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    return followed(bank(ema, int(genes["fast"])), bank(ema, int(genes["slow"])), genes["band"])


def _lookback(genes: Genes) -> int:
    return exponential_lookback(int(genes["slow"]))


STRATEGY = Strategy(
    name="ema_crossover",
    summary="Follows the trend while a fast exponential average stands clear of a slow one.",
    source="Gerald Appel, The Moving Average Convergence-Divergence Trading Method, 1979; the dead band "
    "after Brock, Lakonishok and LeBaron, Simple Technical Trading Rules, Journal of Finance, 1992",
    genes=(
        Gene("fast", 2, 60, 1, 12, "Period of the fast average, in candles.", integer=True),
        Gene("slow", 5, 150, 1, 26, "Period of the slow average, in candles.", integer=True),
        Gene("band", 0, 0.03, 0.001, 0, "Dead band around the slow average, as a share of it.", off=0),
    ),
    exposure=_exposure,
    lookback=_lookback,
    repair=rising("fast", "slow", gap=1),
)
