"""Trade with the cloud: on the side of it that the two faster lines agree with.

Long when the close is above both leading spans and tenkan-sen is above kijun-sen; short when it is
below both and tenkan-sen is below kijun-sen. A position is closed when the close comes back to the
cloud. The spans seen at a candle were computed ``kijun`` candles before it, and the lagging span
is not used.
"""

import numpy as np

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.ichimoku import leading_span_a, leading_span_b, midpoint
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._repair import rising


@kernel
def _sides(
    close: FloatArray, tenkan: FloatArray, kijun: FloatArray, span_a: FloatArray, span_b: FloatArray
) -> FloatArray:
    exposure = np.empty(len(close))
    side = 0.0
    for t in range(len(close)):
        above = close[t] > max(span_a[t], span_b[t])
        below = close[t] < min(span_a[t], span_b[t])
        if above and tenkan[t] > kijun[t]:
            side = 1.0
        elif below and tenkan[t] < kijun[t]:
            side = -1.0
        elif (side > 0.0 and not above) or (side < 0.0 and not below):
            side = 0.0
        exposure[t] = side
    return exposure


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    tenkan, kijun, senkou = int(genes["tenkan"]), int(genes["kijun"]), int(genes["senkou"])
    return _sides(
        bank.candles.close,
        bank(midpoint, tenkan),
        bank(midpoint, kijun),
        bank(leading_span_a, tenkan, kijun),
        bank(leading_span_b, senkou, kijun),
    )


def _lookback(genes: Genes) -> int:
    return int(genes["senkou"] + genes["kijun"])


STRATEGY = Strategy(
    name="ichimoku_cloud",
    summary="Follows the trend on the side of the Ichimoku cloud that its faster lines confirm.",
    source="Goichi Hosoda (Ichimoku Sanjin), Ichimoku Kinko Hyo, 1969",
    genes=(
        Gene("tenkan", 5, 30, 1, 9, "Candles of the conversion line.", integer=True),
        Gene(
            "kijun", 15, 90, 1, 26, "Candles of the base line, and how far the cloud is cast.", integer=True
        ),
        Gene("senkou", 30, 200, 1, 52, "Candles of the slower edge of the cloud.", integer=True),
    ),
    exposure=_exposure,
    lookback=_lookback,
    repair=rising("tenkan", "kijun", "senkou", gap=1),
)
