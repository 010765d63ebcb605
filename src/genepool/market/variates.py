"""Normal and exponential variates from portable operations only.

numpy's own samplers call the C library's ``log`` and ``exp`` for some draws, whose last bits differ
between machines. Uniform variates are exact everywhere, and from there on we only add, multiply,
divide and take square roots.
"""

import numpy as np

from genepool.market.candles import FloatArray

_LN_2 = 0.6931471805599453
# The series of log((1 + t) / (1 - t)) for |t| <= 1/3 leaves an error below one unit in the last place.
_SERIES_TERMS = 17


def normals(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw independent standard normal variates, float64 of shape (count,).

    Marsaglia and Bray's polar method, "A convenient method for generating normal variables", 1964.
    """
    found: list[FloatArray] = []
    while sum(map(len, found)) < count:
        x, y = 2 * rng.random((2, count)) - 1
        square = x * x + y * y
        inside = (square > 0) & (square < 1)
        x, y, square = x[inside], y[inside], square[inside]
        factor = np.sqrt(-2 * _log(square) / square)
        found += [x * factor, y * factor]
    return np.concatenate(found)[:count] if found else np.empty(0)


def exponentials(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw independent exponential variates of mean 1, float64 of shape (count,)."""
    return -_log(1 - rng.random(count))


def _log(numbers: FloatArray) -> FloatArray:
    mantissa, exponent = np.frexp(numbers)
    t = (mantissa - 1) / (mantissa + 1)
    square = t * t
    total = np.zeros_like(t)
    for k in range(2 * _SERIES_TERMS + 1, 0, -2):
        total = total * square + 1 / k
    logarithm: FloatArray = 2 * t * total + exponent * _LN_2
    return logarithm
