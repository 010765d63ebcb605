"""Buy when the close lifts off the bottom of its range, sell when it slips from the top.

Long when %K stands above its average %D while %D is still below ``oversold``; short when %K stands
below %D while %D is still above ``overbought``. A long is closed when %D has reached ``exit``, a
short at 100 minus ``exit``; the opposite signal comes first and turns it round. %K is the fast one,
50 over a window without a range, and %D its simple average.
"""

import numpy as np

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.momentum import stochastic_d, stochastic_k
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy


@kernel
def _sides(
    quick: FloatArray, smooth: FloatArray, oversold: float, overbought: float, leave: float
) -> FloatArray:
    exposure = np.empty(len(quick))
    side = 0.0
    for t in range(len(quick)):
        if smooth[t] < oversold and quick[t] > smooth[t]:
            side = 1.0
        elif smooth[t] > overbought and quick[t] < smooth[t]:
            side = -1.0
        elif (side > 0.0 and smooth[t] >= leave) or (side < 0.0 and smooth[t] <= 100.0 - leave):
            side = 0.0
        exposure[t] = side
    return exposure


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    period, smoothing = int(genes["period"]), int(genes["smoothing"])
    return _sides(
        bank(stochastic_k, period),
        bank(stochastic_d, period, smoothing),
        genes["oversold"],
        genes["overbought"],
        genes["exit"],
    )


def _lookback(genes: Genes) -> int:
    return int(genes["period"] + genes["smoothing"]) - 1


STRATEGY = Strategy(
    name="stochastic_oscillator",
    summary="Bets on a turn when the close leaves the edge of its recent range.",
    source="George C. Lane, Lane's Stochastics, Technical Analysis of Stocks and Commodities, 1984",
    genes=(
        Gene("period", 5, 120, 1, 14, "Candles of the range that %K is measured in.", integer=True),
        Gene("smoothing", 2, 10, 1, 3, "Candles that %D averages %K over.", integer=True),
        Gene("oversold", 5, 40, 1, 20, "%D below which a long may be opened, 0 to 100."),
        Gene("overbought", 60, 95, 1, 80, "%D above which a short may be opened, 0 to 100."),
        Gene("exit", 45, 95, 1, 80, "%D at which a long is closed; a short at 100 minus it."),
    ),
    exposure=_exposure,
    lookback=_lookback,
)
