"""What every walk-forward model shares: when it is fitted, on which rows, and how they are scaled.

At candle ``r`` a model is fitted on the ``window`` newest rows whose targets are known at the close
of ``r``; it decides for the candles from ``r`` until the next fit. A target that looks ``horizon``
candles ahead is known that many candles later, so the newest ``purge = horizon`` rows are left out.
Fits are counted from the first candle of the series, not from the first decision.
"""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray

# A feature that varies less than this within a window is constant: it carries rounding only.
_CONSTANT = 1e-9


def memory(window: int, refit: int, horizon: int, feature_lookback: int) -> int:
    """Return how many candles, its own included, a decision can depend on at the most."""
    return window + refit + horizon + feature_lookback


@kernel
def fit_count(size: int, begin: int, refit: int) -> int:
    """Return how many fits a series of this many candles has when the first is at ``begin``."""
    return max((size - begin + refit - 1) // refit, 0)


@kernel
def forward_returns(close: FloatArray, horizon: int) -> FloatArray:
    """Return the simple return over the next ``horizon`` candles, shape (n,): targets, not features.

    The last ``horizon`` values are not known and stand at 0; purging keeps them out of every fit.
    """
    targets = np.zeros(close.size)
    for t in range(close.size - horizon):
        targets[t] = close[t + horizon] / close[t] - 1.0
    return targets


@kernel
def scaling(features: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each column's mean, and the inverse of its standard deviation (divisor n).

    The inverse is 0 for a column that is constant, which takes it out of the model.
    """
    rows, columns = features.shape
    mean, inverse = np.zeros(columns), np.zeros(columns)
    for i in range(rows):
        for j in range(columns):
            mean[j] += features[i, j]
    for j in range(columns):
        mean[j] /= rows
    for i in range(rows):
        for j in range(columns):
            distance = features[i, j] - mean[j]
            inverse[j] += distance * distance
    for j in range(columns):
        deviation = np.sqrt(inverse[j] / rows)
        inverse[j] = 1.0 / deviation if deviation > _CONSTANT else 0.0
    return mean, inverse


@kernel
def standardised(features: FloatArray, mean: FloatArray, inverse: FloatArray) -> FloatArray:
    """Return the features less their means, over their standard deviations, in a new array."""
    scaled = np.empty(features.shape)
    for i in range(features.shape[0]):
        for j in range(features.shape[1]):
            scaled[i, j] = (features[i, j] - mean[j]) * inverse[j]
    return scaled
