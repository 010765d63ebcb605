"""Follow the sign of the past return, with a size that keeps the risk level.

Long when the close stands above the close ``momentum`` candles ago, short when below. The size is
the target volatility over the realised one, at most 1, in steps of one over ``levels`` and never
below one step. The size is held until the wanted one is a whole step away, so that a wobbling
volatility does not cause a trade at every candle.
"""

import numpy as np

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.volatility import RATE_WINDOW, annual_volatility
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy


@kernel
def _sizes(
    close: FloatArray, volatility: FloatArray, momentum: int, target: float, levels: float
) -> FloatArray:
    exposure = np.zeros(len(close))
    held = 0.0
    for t in range(momentum, len(close)):
        change = close[t] - close[t - momentum]
        if change != 0.0:
            side = 1.0 if change > 0.0 else -1.0
            wanted = levels if volatility[t] <= target else levels * (target / volatility[t])
            if held * side <= 0.0 or abs(wanted - held * side) >= 1.0:
                held = side * max(np.floor(wanted + 0.5), 1.0)
        exposure[t] = held / levels
    return exposure


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    return _sizes(
        bank.candles.close,
        bank(annual_volatility, int(genes["window"])),
        int(genes["momentum"]),
        genes["target"],
        genes["levels"],
    )


def _lookback(genes: Genes) -> int:
    return int(max(genes["momentum"], genes["window"], RATE_WINDOW)) + 1


STRATEGY = Strategy(
    name="volatility_scaling",
    summary="Follows the sign of the past return, sized to a steady volatility.",
    source="Tobias Moskowitz, Yao Hua Ooi and Lasse Pedersen, Time Series Momentum, Journal of Financial "
    "Economics, 2012",
    genes=(
        Gene("momentum", 12, 720, 12, 252, "Candles that the past return is taken over.", integer=True),
        Gene("window", 24, 480, 12, 60, "Candles that the volatility is measured over.", integer=True),
        Gene("target", 0.1, 1, 0.05, 0.4, "Annualised volatility that is aimed at, as a fraction."),
        Gene("levels", 2, 10, 1, 4, "Steps between no exposure and full exposure.", integer=True),
    ),
    exposure=_exposure,
    lookback=_lookback,
)
