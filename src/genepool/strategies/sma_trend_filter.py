"""Stay on the side of a long simple average.

Long when the close is above the average by more than the band, short when it is below by more than
the band; in between the former side is held. The published rule steps aside instead of going
short: that is the risk gene ``direction`` at 1.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import sma
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._sides import followed


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    return followed(bank.candles.close, bank(sma, int(genes["period"])), genes["band"])


def _lookback(genes: Genes) -> int:
    return int(genes["period"])


STRATEGY = Strategy(
    name="sma_trend_filter",
    summary="Stays on the side of a long simple average of the close.",
    source="Mebane Faber, A Quantitative Approach to Tactical Asset Allocation, Journal of Wealth "
    "Management, 2007",
    genes=(
        Gene("period", 10, 600, 5, 200, "Period of the average, in candles.", integer=True),
        Gene("band", 0, 0.05, 0.0025, 0, "Hysteresis band around the average, as a share of it.", off=0),
    ),
    exposure=_exposure,
    lookback=_lookback,
)
