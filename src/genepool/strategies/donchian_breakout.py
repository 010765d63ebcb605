"""Buy new highs, sell new lows, and leave at a smaller break the other way.

Long when the close rises above the highest high of the ``entry`` candles before it, out again when
it falls below the lowest low of the ``exit`` candles before it; short mirrored. The current candle
is never part of a channel it is compared with. A break of the opposite entry channel turns the
position round at once.
"""

import numpy as np

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.channels import highest, lowest
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._repair import rising


@kernel
def _sides(
    close: FloatArray,
    entry_top: FloatArray,
    entry_bottom: FloatArray,
    exit_top: FloatArray,
    exit_bottom: FloatArray,
) -> FloatArray:
    exposure = np.empty(len(close))
    exposure[0] = 0.0
    side = 0.0
    for t in range(1, len(close)):
        if close[t] > entry_top[t - 1]:
            side = 1.0
        elif close[t] < entry_bottom[t - 1]:
            side = -1.0
        elif (side > 0.0 and close[t] < exit_bottom[t - 1]) or (side < 0.0 and close[t] > exit_top[t - 1]):
            side = 0.0
        exposure[t] = side
    return exposure


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    entry, leave = int(genes["entry"]), int(genes["exit"])
    return _sides(
        bank.candles.close,
        bank(highest, entry),
        bank(lowest, entry),
        bank(highest, leave),
        bank(lowest, leave),
    )


def _lookback(genes: Genes) -> int:
    return int(max(genes["entry"], genes["exit"])) + 1


STRATEGY = Strategy(
    name="donchian_breakout",
    summary="Buys breaks of a long channel's high, sells breaks of its low, leaves at a shorter channel.",
    source="Richard Donchian, High Finance in Copper, Financial Analysts Journal, 1960; 20 and 10 candles "
    "are the Turtles', as told by Curtis Faith, Way of the Turtle, 2007",
    genes=(
        Gene("exit", 2, 120, 1, 10, "Candles of the channel that a position is left at.", integer=True),
        Gene("entry", 5, 240, 1, 20, "Candles of the channel that a position is opened at.", integer=True),
    ),
    exposure=_exposure,
    lookback=_lookback,
    repair=rising("exit", "entry", gap=0),
)
