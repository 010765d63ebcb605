"""The risk genes at work: from the exposure that a strategy wants to the one that is traded."""

import numpy as np

from genepool.errors import InvalidCandles
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import sma
from genepool.indicators.volatility import annual_volatility
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.risk_genes import VOLATILITY_PERIOD
from genepool.strategies import Genes, Strategy

# A volatility target that followed every candle would trade on every candle and pay for it. The
# scale is set when a side is taken, and again only when the right one is this much off.
SCALE_TOLERANCE = 0.25

_NO_ROW = np.empty(0)


@kernel
def _permitted(wanted: float, direction: float, close: float, average: float) -> float:
    if wanted * direction < 0.0:
        return 0.0
    return 0.0 if (close - average) * wanted < 0.0 else wanted


@kernel
def _shape(
    wanted: FloatArray,
    close: FloatArray,
    average: FloatArray,
    volatility: FloatArray,
    direction: float,
    target: float,
    limit: float,
    lookback: int,
) -> bool:
    """Apply direction, trend filter, volatility target and limit in place; say if all was finite."""
    wanted[:lookback] = 0.0
    side, scale = 0.0, 1.0
    finite = True
    for t in range(lookback, len(wanted)):
        level = wanted[t]
        finite = finite and np.isfinite(level)
        if len(average) > 0:
            level = _permitted(level, direction, close[t], average[t])
        elif level * direction < 0.0:
            level = 0.0
        if target > 0.0 and level != 0.0:
            fair = target / volatility[t] if volatility[t] > 0.0 else limit
            entered = level * side <= 0.0
            if entered or abs(fair - scale) > SCALE_TOLERANCE * scale:
                scale = fair
        side = level
        wanted[t] = min(max(level * scale, -limit), limit)
    return finite


def traded_exposure(strategy: Strategy, bank: IndicatorBank, genes: Genes, max_leverage: float) -> FloatArray:
    """Return the exposure that a genome wants at each close, its risk genes applied.

    In this order: nothing before the lookback; no side that ``direction`` forbids; no long below and
    no short above the average of ``trend_filter`` candles; the exposure times ``volatility_target``
    over the realised annualised volatility, set at each entry and again when it is more than
    ``SCALE_TOLERANCE`` off; at most ``max_leverage`` either way.

    Parameters
    ----------
    strategy
        Whose rule it is.
    bank
        The market's candles and indicator rows.
    genes
        All gene values, risk genes included.
    max_leverage
        Largest absolute exposure.

    Returns
    -------
    FloatArray
        Signed fractions of equity of shape (n,), known at each close.

    Raises
    ------
    InvalidCandles
        When the market lacks a column that the strategy cannot do without.
    ArithmeticError
        When the strategy wants something that is not a finite number.
    """
    if strategy.requires and (missing := sorted(strategy.requires - bank.candles.columns)):
        raise InvalidCandles(
            f"{strategy.name} needs the column {missing[0]}, which {bank.candles.symbol} lacks: "
            "choose a market that has it or another strategy"
        )
    wanted = strategy.exposure(bank, genes)
    trend, target = int(genes["trend_filter"]), genes["volatility_target"]
    finite = _shape(
        wanted,
        bank.candles.close,
        bank(sma, trend) if trend else _NO_ROW,
        bank(annual_volatility, VOLATILITY_PERIOD) if target else _NO_ROW,
        genes["direction"],
        target,
        max_leverage,
        strategy.total_lookback(genes),
    )
    if not finite:
        raise ArithmeticError(f"{strategy.name} wants an exposure that is not a finite number")
    return wanted
