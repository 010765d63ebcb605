"""Scores of a linear support-vector classifier that is refitted as candles come.

``walk_forward`` says when it is fitted, and on which rows.
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.linear_svc import fit_linear_svc, products
from genepool.indicators.walk_forward import fit_count, forward_returns, scaling
from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def fitted_scorer(features: FloatArray, targets: FloatArray, cost: float) -> FloatArray:
    """Fit one window; return weights of raw features, intercept last, that give a score.

    The score is the decision value over its root mean square in the window, which makes it
    comparable between costs and markets. A window whose targets all have one sign teaches nothing:
    all weights are then 0.
    """
    rows, columns = features.shape
    scorer = np.zeros(columns + 1)
    labels = np.sign(targets)
    if np.min(labels) >= 0.0 or np.max(labels) <= 0.0:
        return scorer
    mean, inverse = scaling(features)
    extended = np.ones((rows, columns + 1))
    for i in range(rows):
        for j in range(columns):
            extended[i, j] = (features[i, j] - mean[j]) * inverse[j]
    weights = fit_linear_svc(extended, labels, cost)
    square = 0.0
    for output in products(extended, weights):
        square += output * output
    if square <= 0.0:
        return scorer
    unit = 1.0 / np.sqrt(square / rows)
    scorer[columns] = weights[columns] * unit
    for j in range(columns):
        scorer[j] = weights[j] * inverse[j] * unit
        scorer[columns] -= scorer[j] * mean[j]
    return scorer


@kernel
def walk_forward_svc(
    features: FloatArray, targets: FloatArray, first: int, window: int, refit: int, purge: int, cost: float
) -> tuple[FloatArray, FloatArray]:
    """Refit the classifier as candles come and score every candle with the newest fit.

    Parameters
    ----------
    features
        Shape (n, p), valid from row ``first`` on.
    targets
        Shape (n,): forward returns, of which the sign is learnt.
    first
        First row that may be learnt from.
    window, refit
        Rows of each fit, and candles between fits.
    purge
        Newest rows whose targets are not known at a fit: the targets' horizon.
    cost
        See ``fit_linear_svc``.

    Returns
    -------
    tuple
        Scores of shape (n,), 0 before the first fit, and the scorers of shape (fits, p + 1).
    """
    size = targets.size
    begin = first + window + purge - 1
    fits = fit_count(size, begin, refit)
    scores, scorers = np.zeros(size), np.zeros((fits, features.shape[1] + 1))
    for fit in range(fits):
        r = begin + fit * refit
        known = r - purge + 1
        scorer = fitted_scorer(features[known - window : known], targets[known - window : known], cost)
        scorers[fit] = scorer
        for t in range(r, min(r + refit, size)):
            scores[t] = scorer[-1]
            for j in range(features.shape[1]):
                scores[t] += scorer[j] * features[t, j]
    return scores, scorers


def svc_scores(bank: IndicatorBank, window: int, refit: int, horizon: int, cost: float) -> FloatArray:
    """Return walk-forward scores, in root mean square decision values of their fits, shape (n,)."""
    features = bank(learning_features)
    targets = forward_returns(bank.candles.close, horizon)
    return walk_forward_svc(features, targets, FEATURE_LOOKBACK, window, refit, horizon, cost)[0]
