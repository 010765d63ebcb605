"""What a genome wants at each close, for programs that trade it elsewhere; needs numpy and numba alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from genepool.backtest.overlay import traded_exposure
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.volatility import atr
from genepool.market.candles import Candles, FloatArray
from genepool.risk_genes import ATR_PERIOD
from genepool.strategies import seed_strategies


@dataclass(frozen=True, eq=False)
class Decisions:
    """What a genome wants at each close; every array has shape (n,) and knows nothing of later candles.

    Parameters
    ----------
    wanted
        Signed fractions of equity, to be held from the next open on.
    average_true_range
        In quote currency; a fill at the next open sets stop and target by it.
    """

    wanted: FloatArray
    average_true_range: FloatArray


def decisions(
    strategy: str, genes: Mapping[str, float], candles: Candles, max_leverage: float = 1.0
) -> Decisions:
    """Return what a genome of a seed strategy wants at each close of some candles.

    Parameters
    ----------
    strategy
        Name of a seed.
    genes
        Its gene values, the risk genes among them.
    candles
        The market, oldest first.
    max_leverage
        Largest absolute exposure.

    Raises
    ------
    InvalidCandles
        When the market lacks a column that the strategy cannot do without.
    ArithmeticError
        When the strategy wants something that is not a finite number.
    KeyError
        When there is no such seed.
    """
    seed, bank = seed_strategies()[strategy], IndicatorBank(candles)
    wanted = traded_exposure(seed, bank, seed.genome(genes).values, max_leverage)
    return Decisions(wanted, bank(atr, ATR_PERIOD))
