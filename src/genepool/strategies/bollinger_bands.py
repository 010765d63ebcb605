"""Trade the edges of a band of standard deviations round a simple average.

In mode 0 (reversion) a close below the lower band opens a long and one above the upper band a
short; in mode 1 (breakout) the other way round. A position is closed when the close has come back
to within ``exit`` standard deviations of the average; one beyond the opposite band turns it round
at once. The deviation is that of the close, dividing by the count; where the close did not move the
distance is 0.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.bollinger import bollinger_distance
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._repair import at_most
from genepool.strategies._sides import faded


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    distance = bank(bollinger_distance, int(genes["period"]))
    exposure = faded(distance, -genes["width"], genes["width"], -genes["exit"], genes["exit"])
    # Taken from zero, because the negative of no exposure would be -0.0.
    return 0.0 - exposure if genes["mode"] else exposure


def _lookback(genes: Genes) -> int:
    return int(genes["period"])


STRATEGY = Strategy(
    name="bollinger_bands",
    summary="Fades or follows closes outside a band of standard deviations round the average.",
    source="John Bollinger, Bollinger on Bollinger Bands, 2001",
    genes=(
        Gene(
            "mode", 0, 1, 1, 0, "What a close outside the band means: 0 reversion, 1 breakout.", integer=True
        ),
        Gene("period", 5, 300, 1, 20, "Candles of the average and of the deviation.", integer=True),
        Gene("width", 0.5, 4, 0.25, 2, "Half width of the band, in standard deviations."),
        Gene("exit", 0, 2, 0.25, 0, "Distance at which a position is closed, in standard deviations."),
    ),
    exposure=_exposure,
    lookback=_lookback,
    repair=at_most("exit", "width", gap=0.25),
)
