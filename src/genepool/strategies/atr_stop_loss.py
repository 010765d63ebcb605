"""Ride a breakout until the price gives back some average true ranges: the chandelier exit.

Long when the close rises above the highest high of the ``breakout`` candles before it. The stop
hangs ``multiple`` average true ranges below the highest high since entry; a close below it ends
the long. The next new high enters again, a new low enters short, on the same candle if need be;
shorts mirrored.
"""

import numpy as np

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.channels import highest, lowest
from genepool.indicators.moving_averages import wilder_lookback
from genepool.indicators.volatility import atr
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy


@kernel
def _sides(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    top: FloatArray,
    bottom: FloatArray,
    distance: FloatArray,
    multiple: float,
) -> FloatArray:
    exposure = np.empty(len(close))
    exposure[0] = 0.0
    side, extreme = 0.0, 0.0
    for t in range(1, len(close)):
        if side > 0.0:
            extreme = max(extreme, high[t])
            side = 0.0 if close[t] < extreme - multiple * distance[t] else side
        elif side < 0.0:
            extreme = min(extreme, low[t])
            side = 0.0 if close[t] > extreme + multiple * distance[t] else side
        if side == 0.0:
            if close[t] > top[t - 1]:
                side, extreme = 1.0, high[t]
            elif close[t] < bottom[t - 1]:
                side, extreme = -1.0, low[t]
        exposure[t] = side
    return exposure


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    candles = bank.candles
    breakout = int(genes["breakout"])
    return _sides(
        candles.high,
        candles.low,
        candles.close,
        bank(highest, breakout),
        bank(lowest, breakout),
        bank(atr, int(genes["period"])),
        genes["multiple"],
    )


def _lookback(genes: Genes) -> int:
    return max(wilder_lookback(int(genes["period"])), int(genes["breakout"]) + 1)


STRATEGY = Strategy(
    name="atr_stop_loss",
    summary="Enters at a breakout and trails a stop some average true ranges behind the best price.",
    source="Charles Le Beau and David Lucas, Computer Analysis of the Futures Market, 1992; named the "
    "chandelier exit in Alexander Elder, Come Into My Trading Room, 2002",
    genes=(
        Gene("period", 5, 50, 1, 22, "Period of the average true range, in candles.", integer=True),
        Gene("multiple", 1, 8, 0.25, 3, "Distance of the trailing stop, in average true ranges."),
        Gene("breakout", 5, 120, 1, 22, "Candles whose high or low must be broken to enter.", integer=True),
    ),
    exposure=_exposure,
    lookback=_lookback,
)
