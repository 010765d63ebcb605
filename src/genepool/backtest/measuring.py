"""From the sums that a simulation leaves to the measures of a span, in portable arithmetic.

The annual return needs a power. The C library's differs in its last bit between machines, so it is
built here from + - * / alone.
"""

import math

import numpy as np

from genepool.backtest.account import (
    CANDLES,
    DRAWDOWN,
    EQUITY,
    FEES,
    FUNDING,
    HELD,
    LIQUIDATIONS,
    LONGEST,
    LOSS,
    NEGATIVE,
    PROFIT,
    SUM1,
    SUM2,
    SUM3,
    SUM4,
    TRADED,
    TRADES,
    TWIN,
    WINS,
)
from genepool.kernels import kernel
from genepool.market.candles import FloatArray
from genepool.market.measures import RATIO_CAP, Measures, measures_from

# A variance below this share of the mean square is rounding: the returns were all the same.
ROUNDING = 1e-12

_LN2 = math.log(2)
_LOG_CAP = math.log(1 + RATIO_CAP)
_SQRT_HALF = math.sqrt(0.5)
_LARGEST_POWER = 700.0


@kernel
def _logarithm(value: float) -> float:
    """Natural logarithm of a positive number, from the series of the area tangent."""
    mantissa, exponent = math.frexp(value)
    if mantissa < _SQRT_HALF:
        mantissa *= 2.0
        exponent -= 1
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    square, total = ratio * ratio, 0.0
    for power in range(23, 0, -2):
        total = total * square + 1.0 / power
    return exponent * _LN2 + 2.0 * ratio * total


@kernel
def _exponential(value: float) -> float:
    """Exponential of a number between -700 and 700, from its Taylor series."""
    doublings = math.floor(value / _LN2 + 0.5)
    rest, total = value - doublings * _LN2, 1.0
    for term in range(16, 0, -1):
        total = 1.0 + total * rest / term
    return total * math.ldexp(1.0, int(doublings))


@kernel
def _annual_return(growth: float, years: float) -> float:
    if growth <= 0.0:
        return -1.0
    rate = _logarithm(growth) / years
    if rate >= _LOG_CAP:
        return RATIO_CAP
    return _exponential(rate) - 1.0 if rate > -_LARGEST_POWER else -1.0


@kernel
def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0.0:
        return min(max(numerator / denominator, -RATIO_CAP), RATIO_CAP)
    return RATIO_CAP if numerator > 0.0 else 0.0


@kernel
def _variance(count: float, sum1: float, sum2: float) -> float:
    """Sample variance of returns; 0 for fewer than two, and where only rounding is left."""
    if count < 2.0:  # noqa: PLR2004 - two numbers make a deviation
        return 0.0
    variance = (sum2 - sum1 * sum1 / count) / (count - 1.0)
    return variance if variance > sum2 / count * ROUNDING else 0.0


@kernel
def _sharpe(count: float, sum1: float, sum2: float, per_year: float) -> float:
    variance = _variance(count, sum1, sum2)
    return sum1 / count * np.sqrt(per_year / variance) if variance > 0.0 else 0.0


@kernel
def _skew_and_kurtosis(count: float, outcome: FloatArray) -> tuple[float, float]:
    if _variance(count, outcome[SUM1], outcome[SUM2]) <= 0.0:
        return 0.0, 3.0
    mean, square = outcome[SUM1] / count, outcome[SUM2] / count
    cube, fourth = outcome[SUM3] / count, outcome[SUM4] / count
    variance = square - mean * mean
    # What is summed are powers of the returns, not of their distance from the mean: where that is small
    # beside the mean, only the powers' rounding would be left of the fourth moment.
    if variance * variance <= ROUNDING * fourth:
        return 0.0, 3.0
    third = cube - 3.0 * mean * square + 2.0 * mean * mean * mean
    quartic = fourth - 4.0 * mean * cube + 6.0 * mean * mean * square - 3.0 * mean * mean * mean * mean
    return third / (variance * np.sqrt(variance)), quartic / (variance * variance)


@kernel
def _numbers(outcome: FloatArray, per_year: float) -> FloatArray:
    """Measures in the order of the fields of ``Measures``."""
    count, growth = outcome[CANDLES], outcome[EQUITY]
    years = count / per_year
    annual = _annual_return(growth, years)
    downside = np.sqrt(outcome[NEGATIVE] / count)
    skew, kurtosis = _skew_and_kurtosis(count, outcome)
    trades = outcome[TRADES]
    return np.array(
        [
            growth - 1.0,
            annual,
            np.sqrt(_variance(count, outcome[SUM1], outcome[SUM2]) * per_year),
            _sharpe(count, outcome[SUM1], outcome[SUM2], per_year),
            _ratio(outcome[SUM1] / count * np.sqrt(per_year), downside),
            _ratio(annual, outcome[DRAWDOWN]),
            outcome[DRAWDOWN],
            outcome[LONGEST],
            outcome[TRADED] / years,
            trades,
            outcome[WINS] / trades if trades > 0.0 else 0.0,
            _ratio(outcome[PROFIT], outcome[LOSS]),
            outcome[HELD] / count,
            outcome[FUNDING],
            outcome[FEES],
            skew,
            kurtosis,
            growth * (outcome[TWIN] - 1.0),
            outcome[LIQUIDATIONS],
            count,
        ]
    )


@kernel
def _fold_numbers(outcomes: FloatArray, per_year: float) -> FloatArray:
    folds = np.empty((2, len(outcomes)))
    before, count, sum1, sum2 = 1.0, 0.0, 0.0, 0.0
    for k in range(len(outcomes)):
        row = outcomes[k]
        folds[0, k] = _sharpe(row[CANDLES] - count, row[SUM1] - sum1, row[SUM2] - sum2, per_year)
        folds[1, k] = row[EQUITY] / before - 1.0 if before > 0.0 else 0.0
        before, count, sum1, sum2 = row[EQUITY], row[CANDLES], row[SUM1], row[SUM2]
    return folds


def measures_of(outcome: FloatArray, candles_per_year: float) -> Measures:
    """Return the measures of a simulation from its last outcome row.

    Raises
    ------
    ArithmeticError
        When a number overflowed, as it may where prices leap by orders of magnitude.
    """
    numbers = _numbers(outcome, candles_per_year)
    if not np.isfinite(numbers).all():
        raise ArithmeticError("its result is too large to measure")
    return measures_from(*numbers.tolist())


def fold_results(
    outcomes: FloatArray, candles_per_year: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return annualised Sharpe and total return of each fold, as differences of outcome rows."""
    sharpes, returns = _fold_numbers(outcomes, candles_per_year).tolist()
    return tuple(sharpes), tuple(returns)
