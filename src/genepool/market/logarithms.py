"""Logarithm and exponential from portable operations only.

Those of the C library differ in their last bits between machines. Here we only add, multiply, divide and
move exponents, which is exact or correctly rounded everywhere.
"""

import numpy as np

from genepool.market.candles import FloatArray

_LN_2 = 0.6931471805599453
# The series of log((1 + t) / (1 - t)) for |t| <= 1/3 leaves an error below one unit in the last place.
_LOG_TERMS = 17
# As does that of exp(x) for |x| <= log(2) / 2.
_EXP_TERMS = 14


def logarithm(numbers: FloatArray) -> FloatArray:
    """Return the natural logarithm of positive numbers, of the same shape."""
    mantissa, exponent = np.frexp(numbers)
    t = (mantissa - 1) / (mantissa + 1)
    square = t * t
    total = np.zeros_like(t)
    for k in range(2 * _LOG_TERMS + 1, 0, -2):
        total = total * square + 1 / k
    found: FloatArray = 2 * t * total + exponent * _LN_2
    return found


def exponential(numbers: FloatArray) -> FloatArray:
    """Return e to the power of numbers from -700 to 700, of the same shape."""
    twos = np.rint(numbers / _LN_2)
    rest = numbers - twos * _LN_2
    total = np.ones_like(rest)
    for k in range(_EXP_TERMS, 0, -1):
        total = 1 + rest / k * total
    found: FloatArray = np.ldexp(total, twos.astype(np.int64))
    return found
