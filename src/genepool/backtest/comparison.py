"""One equity curve against another: alpha, beta, correlation, information ratio."""

import math
from dataclasses import dataclass

import numpy as np

from genepool.backtest.measuring import ROUNDING
from genepool.market.candles import FloatArray


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a strategy's returns are beside a benchmark's, candle by candle; no risk-free rate is taken off.

    A figure is None where one of the two does not vary, so that there is nothing to divide by.

    Parameters
    ----------
    beta
        Covariance of the two over the variance of the benchmark's returns.
    alpha
        Mean return less beta times the benchmark's, times the candles a year: Jensen (1968), The
        performance of mutual funds in the period 1945-1964, Journal of Finance 23(2).
    correlation
        Of the returns.
    tracking_error
        Annualised standard deviation of the difference of the returns.
    information_ratio
        Annualised mean of that difference over its standard deviation: Grinold and Kahn (2000), Active
        Portfolio Management; Sharpe (1994), The Sharpe ratio, Journal of Portfolio Management 21(1).
    """

    beta: float | None
    alpha: float | None
    correlation: float | None
    tracking_error: float | None
    information_ratio: float | None


def returns_of(equity: FloatArray) -> FloatArray:
    """Return the returns from close to close, the first from the opening equity of 1; 0 once all is lost."""
    before = np.concatenate([[1.0], equity[:-1]])
    growth: FloatArray = np.divide(equity, before, out=np.ones_like(equity), where=before > 0.0)
    return growth - 1.0


def compare(equity: FloatArray, benchmark: FloatArray, candles_per_year: float) -> Comparison:
    """Compare an equity curve with a benchmark's over the same candles.

    Parameters
    ----------
    equity, benchmark
        At each close, in multiples of the opening equity, shape (n,).
    candles_per_year
        Of the market.
    """
    ours, theirs = returns_of(equity), returns_of(benchmark)
    difference = ours - theirs
    varied, followed, apart = _variance(ours), _variance(theirs), _variance(difference)
    beta = correlation = alpha = tracking = information = None
    if followed:
        covariance = float(((ours - ours.mean()) * (theirs - theirs.mean())).sum()) / (len(ours) - 1)
        beta = covariance / followed
        alpha = float(ours.mean() - beta * theirs.mean()) * candles_per_year
        correlation = covariance / math.sqrt(followed * varied) if varied else None
    if apart:
        tracking = math.sqrt(apart * candles_per_year)
        information = float(difference.mean()) * math.sqrt(candles_per_year / apart)
    return Comparison(beta, alpha, correlation, tracking, information)


def _variance(values: FloatArray) -> float:
    """Sample variance; 0 for fewer than two values, and where only rounding is left."""
    if len(values) < 2:  # noqa: PLR2004 - two numbers make a deviation
        return 0.0
    variance = float(values.var(ddof=1))
    return variance if variance > ROUNDING * float((values * values).mean()) else 0.0
