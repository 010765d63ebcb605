"""Normal and exponential variates from portable operations only.

numpy's own samplers call the C library's ``log`` and ``exp`` for some draws, whose last bits differ
between machines. Uniform variates are exact everywhere, and from there on we only add, multiply,
divide and take square roots.
"""

import numpy as np

from genepool.market.candles import FloatArray
from genepool.market.logarithms import logarithm


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
        factor = np.sqrt(-2 * logarithm(square) / square)
        found += [x * factor, y * factor]
    return np.concatenate(found)[:count] if found else np.empty(0)


def exponentials(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw independent exponential variates of mean 1, float64 of shape (count,)."""
    return -logarithm(1 - rng.random(count))
