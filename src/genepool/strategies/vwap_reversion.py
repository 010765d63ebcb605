"""Bet on a return to the price at which most was traded.

Short when the close stands more than ``entry`` rolling standard deviations above the rolling
volume-weighted average price, long when as far below. The position is closed when the distance has
shrunk to ``exit`` deviations. The average weighs typical prices, (high + low + close) / 3; the
deviation is that of the close over the same window, dividing by the count. A window without volume
has the newest typical price for its average, and one in which the close did not move the distance 0.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.volume import vwap_distance
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._repair import at_most
from genepool.strategies._sides import faded


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    distance = bank(vwap_distance, int(genes["window"]))
    return faded(distance, -genes["entry"], genes["entry"], -genes["exit"], genes["exit"])


def _lookback(genes: Genes) -> int:
    return int(genes["window"])


STRATEGY = Strategy(
    name="vwap_reversion",
    summary="Bets on a return to the rolling volume-weighted average price.",
    source="Stephen Berkowitz, Dennis Logue and Eugene Noser, The Total Cost of Transactions on the NYSE, "
    "Journal of Finance, 1988, for the average; the bands are common practice",
    genes=(
        Gene("window", 8, 400, 4, 24, "Candles of the average and of the deviation.", integer=True),
        Gene("entry", 0.5, 4, 0.25, 2, "Distance that opens a position, in standard deviations."),
        Gene("exit", 0, 2, 0.25, 0, "Distance that closes it, in standard deviations."),
    ),
    exposure=_exposure,
    lookback=_lookback,
    repair=at_most("exit", "entry", gap=0.25),
    requires=frozenset({"volume"}),
)
