"""How nervous a market is at each candle: GARCH(1,1), fitted by maximum likelihood.

Bollerslev, "Generalized autoregressive conditional heteroskedasticity", Journal of Econometrics 31, 1986:
``variance[k] = omega + alpha * shock[k-1]^2 + beta * variance[k-1]``. The likelihood is the normal one,
which estimates consistently under fat tails too (Bollerslev and Wooldridge 1992). ``omega`` follows from
the variance of all shocks (Engle and Mezrich 1996), so two numbers are searched for. They are multiples of
1/1024 and every operation is portable, so that all machines find the same two.
"""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from genepool.market.candles import FloatArray
from genepool.market.logarithms import logarithm

# Estimates from fewer candles are chance (Hwang and Valls Pereira, "Small sample properties of GARCH
# estimates and persistence", European Journal of Finance 12, 2006).
FEWEST = 500

# A mean square below it is rounding: nothing moved.
_STILL = 1e-28

# Alpha and beta are counted in such parts. Their sum stays below the whole: variance returns to its mean.
_WHOLE = 1_024
_ALPHAS = (0, 32, 64, 128, 256)
_SUMS = (0, 512, 768, 896, 960, 992, 1_008, 1_016, 1_023)
# The search begins with steps of so many parts, and halves them.
_FIRST_STEP = 32
# A weight below this one changes no bit of a sum.
_NO_WEIGHT = 2.0**-60


@dataclass(frozen=True, slots=True)
class Garch:
    """A fit; with ``alpha`` and ``beta`` 0 the variance is the same everywhere.

    Parameters
    ----------
    level
        Mean of the squared shocks.
    alpha, beta
        How much of a squared shock, and of the variance, is in the variance of the next candle.
    """

    level: float
    alpha: float
    beta: float

    @property
    def omega(self) -> float:
        """What is added at each candle."""
        return self.level * (1 - self.alpha - self.beta)

    def variances(self, shocks: FloatArray) -> FloatArray:
        """Return the variance of each shock given those before it, shape (n,); the first is the level."""
        excess = np.zeros_like(shocks)
        excess[1:] = shocks[:-1] * shocks[:-1] - self.level
        return self.level + self.alpha * _discounted(excess, self.beta)


def fit(shocks: FloatArray) -> Garch:
    """Return the likeliest GARCH(1,1) of moves around their mean, shape (n,).

    Fewer than ``FEWEST``, or a market that stands still, have the same variance everywhere, here 1 where
    nothing moves.
    """
    level = math.fsum((shocks * shocks).tolist()) / len(shocks)
    if len(shocks) < FEWEST or level < _STILL:
        return Garch(level if level > _STILL else 1.0, 0.0, 0.0)
    known: dict[tuple[int, int], float] = {}

    def cost(parts: tuple[int, int]) -> float:
        if parts not in known:
            known[parts] = _cost(_of_parts(level, *parts), shocks)
        return known[parts]

    best = min((pair for pair in product(_ALPHAS, _SUMS) if _allowed(pair)), key=cost)
    step = _FIRST_STEP
    while step:
        better = min((pair for pair in _around(best, step) if _allowed(pair)), key=cost)
        if cost(better) < cost(best):
            best = better
        else:
            step //= 2
    return _of_parts(level, *best)


def _of_parts(level: float, alpha: int, both: int) -> Garch:
    return Garch(level, alpha / _WHOLE, (both - alpha) / _WHOLE)


def _allowed(parts: tuple[int, int]) -> bool:
    alpha, both = parts
    # Without alpha there is no variance for beta to keep.
    return both == 0 if alpha == 0 else 0 < alpha <= both < _WHOLE


def _around(parts: tuple[int, int], step: int) -> list[tuple[int, int]]:
    alpha, both = parts
    near = [(alpha + up * step, both + right * step) for up, right in product((-1, 0, 1), repeat=2)]
    return [*near, (0, 0)]


def _cost(garch: Garch, shocks: FloatArray) -> float:
    """Return twice the negative logarithm of the normal likelihood, without what is constant."""
    variances = garch.variances(shocks)
    return math.fsum((logarithm(variances) + shocks * shocks / variances).tolist())


def _discounted(values: FloatArray, discount: float) -> FloatArray:
    """Return the sum of each value and those before it, discounted by their age."""
    sums, reach = values.copy(), 1
    while discount > _NO_WEIGHT and reach < len(values):
        sums[reach:] += discount * sums[:-reach]
        discount *= discount
        reach *= 2
    return sums
