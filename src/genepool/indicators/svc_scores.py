"""Scores of a linear support-vector classifier that is refitted as candles come.

``walk_forward`` says when it is fitted, and on which rows.
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.linear_svc import fit_linear_svc, products, transposed
from genepool.indicators.walk_forward import fit_count, forward_returns, scaling, strands
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
    for output in products(transposed(extended), weights):
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
def walk_forward_scorers(
    features: FloatArray, targets: FloatArray, first: int, window: int, refit: int, purge: int, cost: float
) -> FloatArray:
    """Refit the classifier as candles come.

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
    FloatArray
        The scorers, see ``fitted_scorer``, of shape (fits, p + 1).
    """
    begin = first + window + purge - 1
    scorers = np.zeros((fit_count(targets.size, begin, refit), features.shape[1] + 1))
    for fit in range(scorers.shape[0]):
        known = begin + fit * refit - purge + 1
        rows = slice(known - window, known)
        scorers[fit] = fitted_scorer(features[rows], targets[rows], cost)
    return scorers


@kernel
def walk_forward_scores(features: FloatArray, scorers: FloatArray, begin: int, refit: int) -> FloatArray:
    """Score every candle from ``begin`` on with the newest fit; 0 before it, shape (n,)."""
    size, columns = features.shape
    scores = np.zeros(size)
    for fit in range(scorers.shape[0]):
        r = begin + fit * refit
        for t in range(r, min(r + refit, size)):
            scores[t] = scorers[fit, columns]
            for j in range(columns):
                scores[t] += scorers[fit, j] * features[t, j]
    return scores


def svc_scorers(
    bank: IndicatorBank, window: int, horizon: int, cost: float, stride: int, offset: int
) -> FloatArray:
    """Return the scorers of one strand of fits (see ``walk_forward.strands``), shape (fits, p + 1)."""
    features = bank(learning_features)
    targets = forward_returns(bank.candles.close, horizon)
    return walk_forward_scorers(features, targets, FEATURE_LOOKBACK + offset, window, stride, horizon, cost)


def svc_scores(bank: IndicatorBank, window: int, refit: int, horizon: int, cost: float) -> FloatArray:
    """Return walk-forward scores, in root mean square decision values of their fits, shape (n,)."""
    features, begin = bank(learning_features), FEATURE_LOOKBACK + window + horizon - 1
    stride, offsets = strands(refit)
    scorers = np.empty((fit_count(len(features), begin, refit), features.shape[1] + 1))
    for strand, offset in enumerate(offsets):
        scorers[strand :: len(offsets)] = bank(svc_scorers, window, horizon, cost, stride, offset)
    return walk_forward_scores(features, scorers, begin, refit)
