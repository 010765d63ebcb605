"""Trade the envelope round a causal kernel regression of the close.

The middle line is a Nadaraya-Watson estimate from past closes only; the envelope lies a number of mean
absolute deviations above and below it. A close outside it is faded or followed, and the position
is held until the close is back at the middle line.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.hysteresis import hold
from genepool.indicators.kernel_regression import regression_deviation, regression_weights
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    deviation = bank(regression_deviation, int(genes["bandwidth"]), int(genes["weighting"]))
    return hold(deviation if genes["mode"] else -deviation, genes["width"], 0.0)


def _lookback(genes: Genes) -> int:
    return 2 * regression_weights(genes["bandwidth"], int(genes["weighting"])).size


STRATEGY = Strategy(
    name="nadaraya_watson",
    summary="Fades or follows closes outside an envelope round a causal kernel regression.",
    source="Elizbar Nadaraya, On Estimating Regression, 1964; Geoffrey Watson, Smooth Regression Analysis, "
    "1964; the envelope as traders draw it, without the usual look at later candles",
    genes=(
        Gene("bandwidth", 4, 48, 4, 8, "Width of the kernel, in candles.", integer=True),
        Gene("weighting", 0, 1, 1, 0, "Kernel: 0 Gaussian, 1 rational quadratic.", integer=True),
        Gene("width", 0.5, 5, 0.25, 2, "Half-width of the envelope, in mean absolute deviations."),
        Gene("mode", 0, 1, 1, 0, "What a close outside means: 0 reversion, 1 trend.", integer=True),
    ),
    exposure=_exposure,
    lookback=_lookback,
)
