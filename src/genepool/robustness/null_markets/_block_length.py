"""How long blocks have to be so that calm and nervous times of a market stay together.

The rule is that of Politis and White ("Automatic Block-Length Selection for the Dependent Bootstrap",
Econometric Reviews 23, 2004), with the correction of Patton, Politis and White (2009), for the sizes of
moves: their signs are the edge that is to be destroyed, and must not lengthen the blocks.
"""

import math

import numpy as np

from genepool.market.candles import Candles, FloatArray

# Autocorrelations below this many standard errors are taken for none, and so many in a row end the search.
_STANDARD_ERRORS = 2.0
_QUIET_LAGS = 5


def block_length(candles: Candles) -> int:
    """Return the expected block length in candles, from 1 to the cube root of the number of candles.

    Longer blocks would carry the edge itself along. Every sum is exact before it is rounded, so that all
    machines choose the same length.
    """
    most = max(1, math.ceil(math.cbrt(len(candles))))
    before = np.concatenate((candles.open[:1], candles.close[:-1]))
    return min(most, max(1, round(_optimal(np.abs(candles.close / before - 1)))))


def _optimal(sizes: FloatArray) -> float:
    count = len(sizes)
    centred = sizes - math.fsum(sizes.tolist()) / count
    variance = _covariance(centred, 0)
    if not variance > 0:
        return 1.0
    most = min(count - 1, math.ceil(math.sqrt(count)) + _QUIET_LAGS)
    covariances = [_covariance(centred, lag) for lag in range(most + 1)]
    last = 2 * _last_loud([value / variance for value in covariances], count)
    weights = [_flat_top(lag / last) if last else float(lag == 0) for lag in range(most + 1)]
    terms = list(zip(range(most + 1), weights, covariances, strict=True))
    slope = 2 * math.fsum(weight * lag * value for lag, weight, value in terms)
    level = variance + 2 * math.fsum(weight * value for lag, weight, value in terms if lag)
    # The constant of the stationary bootstrap: 2 level^2.
    return (slope * slope / (level * level)) ** (1 / 3) * count ** (1 / 3) if level else 1.0


def _covariance(centred: FloatArray, lag: int) -> float:
    return math.fsum((centred[: len(centred) - lag] * centred[lag:]).tolist()) / len(centred)


def _last_loud(correlations: list[float], count: int) -> int:
    """Return the last lag before a row of lags whose autocorrelations cannot be told from none."""
    bound = _STANDARD_ERRORS * math.sqrt(math.log10(count) / count)
    quiet = 0
    for lag, value in enumerate(correlations[1:], start=1):
        quiet = quiet + 1 if abs(value) < bound else 0
        if quiet == _QUIET_LAGS:
            return lag - _QUIET_LAGS
    return len(correlations) // 2


def _flat_top(share: float) -> float:
    """Return the weight of a lag: 1 up to half of the bandwidth, then falling to 0 at its end."""
    return max(0.0, min(1.0, 2 * (1 - share)))
