"""Buy what fell too fast and sell what rose too fast, as the relative strength index sees it.

Long when the index is below ``oversold``, short when it is above ``overbought``. A long is closed
when the index has come back to ``exit``, a short at 100 minus ``exit``; the opposite extreme turns a
position round at once. Wilder's averages; a price that did not move has the index 50.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.momentum import rsi
from genepool.indicators.moving_averages import wilder_lookback
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._sides import faded


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    strength = bank(rsi, int(genes["period"]))
    return faded(strength, genes["oversold"], genes["overbought"], genes["exit"], 100.0 - genes["exit"])


def _lookback(genes: Genes) -> int:
    return wilder_lookback(int(genes["period"]))


STRATEGY = Strategy(
    name="rsi_filter",
    summary="Bets on a return to the middle after the relative strength index went to an extreme.",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    genes=(
        Gene("period", 2, 50, 1, 14, "Period of the relative strength index, in candles.", integer=True),
        Gene("oversold", 10, 40, 1, 30, "Index below which a long is opened, 0 to 100."),
        Gene("overbought", 60, 90, 1, 70, "Index above which a short is opened, 0 to 100."),
        Gene("exit", 40, 70, 1, 50, "Index at which a long is closed; a short at 100 minus it."),
    ),
    exposure=_exposure,
    lookback=_lookback,
)
