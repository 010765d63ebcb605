"""A decision tree on principal components that tells in which quantile the next return will fall.

Like the linear classifier it is refitted as candles come; see ``walk_forward``.
"""

from typing import TypeAlias

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.histogram_tree import binned, fit_tree, leaf_of, part_of, quantile_cuts
from genepool.indicators.pca import principal_components
from genepool.indicators.walk_forward import fit_count, forward_returns, scaling, standardised
from genepool.kernels import kernel
from genepool.market.candles import FloatArray, IntArray

# Each side of a split holds at least the window's rows over this.
_LEAST_SHARE = 20

# Projection of raw features (k, p + 1; the offset last), bin edges (k, 63), splits, leaf scores.
Model: TypeAlias = tuple[FloatArray, FloatArray, IntArray, FloatArray]


@kernel
def _projection(loadings: FloatArray, mean: FloatArray, inverse: FloatArray) -> FloatArray:
    count, columns = loadings.shape
    projection = np.zeros((count, columns + 1))
    for c in range(count):
        for j in range(columns):
            projection[c, j] = loadings[c, j] * inverse[j]
            projection[c, columns] -= projection[c, j] * mean[j]
    return projection


@kernel
def _projected(features: FloatArray, projection: FloatArray) -> FloatArray:
    rows, columns = features.shape
    points = np.empty((rows, projection.shape[0]))
    for i in range(rows):
        for c in range(projection.shape[0]):
            total = projection[c, columns]
            for j in range(columns):
                total += projection[c, j] * features[i, j]
            points[i, c] = total
    return points


@kernel
def _leaf_scores(leaves: IntArray, told_apart: bool) -> FloatArray:
    scores = np.zeros(leaves.shape[0])
    for leaf in range(leaves.shape[0]):
        count = leaves[leaf].sum()
        if told_apart and count > 0:
            scores[leaf] = (leaves[leaf, -1] - leaves[leaf, 0]) / count
    return scores


@kernel
def _projection_of(features: FloatArray) -> FloatArray:
    """Return one window's projection on all of its principal components, shape (p, p + 1)."""
    mean, inverse = scaling(features)
    loadings = principal_components(standardised(features, mean, inverse), features.shape[1])[1]
    return _projection(loadings, mean, inverse)


@kernel
def _fitted(
    features: FloatArray, targets: FloatArray, projection: FloatArray, depth: int, quantiles: int
) -> Model:
    """Fit one window: grow a tree on return quantiles from projected and binned features.

    A leaf's score is its share of rows from the highest quantile less that from the lowest, -1
    to 1. Where the returns do not fill the quantiles (a market that stands still), all scores are 0.
    """
    bins, edges = binned(_projected(features, projection))
    cuts = quantile_cuts(targets, quantiles)
    classes = np.empty(targets.size, np.int64)
    for i in range(targets.size):
        classes[i] = part_of(targets[i], cuts)
    least = max(targets.size // _LEAST_SHARE, 1)
    splits, leaves = fit_tree(bins, classes, quantiles, depth, least)
    return projection, edges, splits, _leaf_scores(leaves, cuts[0] < cuts[-1])


@kernel
def _score(features: FloatArray, model: Model, scores: FloatArray) -> None:
    projection, edges, splits, leaf_scores = model
    points = _projected(features, projection)
    row = np.empty(edges.shape[0], np.int64)
    for i in range(features.shape[0]):
        for c in range(row.size):
            row[c] = part_of(points[i, c], edges[c])
        scores[i] = leaf_scores[leaf_of(row, splits)]


@kernel
def walk_forward_projections(
    features: FloatArray, first: int, window: int, refit: int, purge: int
) -> FloatArray:
    """Return each fit's projection on all principal components of its window, shape (fits, p * (p + 1)).

    It depends on no target, and on neither the tree's depth nor how many components it sees: trees share it.

    Parameters
    ----------
    features, first, window, refit, purge
        See ``svc_scores.walk_forward_svc``.
    """
    size, columns = features.shape
    begin = first + window + purge - 1
    projections = np.empty((fit_count(size, begin, refit), columns * (columns + 1)))
    for fit in range(projections.shape[0]):
        known = begin + fit * refit - purge + 1
        projections[fit] = _projection_of(features[known - window : known]).ravel()
    return projections


@kernel
def walk_forward_trees(
    features: FloatArray, targets: FloatArray, projections: FloatArray, first: int, window: int, refit: int,
    purge: int, components: int, depth: int, quantiles: int,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Refit the tree as candles come and score every candle with the newest fit.

    Parameters
    ----------
    features, targets, first, window, refit, purge
        See ``svc_scores.walk_forward_svc``; of the targets the quantile is learnt.
    projections
        See ``walk_forward_projections``, of the same fits.
    components, depth, quantiles
        Principal components kept, levels of splits, and classes of returns, at least 3.

    Returns
    -------
    tuple
        Scores of shape (n,), -1 to 1, 0 before the first fit, and each fit's leaf scores followed
        by its projection, shape (fits, 2**depth + components * (p + 1)).
    """
    size, leaves, width = targets.size, 2**depth, components * (features.shape[1] + 1)
    begin = first + window + purge - 1
    scores, models = np.zeros(size), np.zeros((projections.shape[0], leaves + width))
    for fit in range(projections.shape[0]):
        r = begin + fit * refit
        known = r - purge + 1
        # The rows are ordered by variance: the first ones are the components that the tree sees.
        projection = projections[fit, :width].copy().reshape((components, features.shape[1] + 1))
        rows = slice(known - window, known)
        model = _fitted(features[rows], targets[rows], projection, depth, quantiles)
        models[fit, :leaves] = model[3]
        models[fit, leaves:] = projections[fit, :width]
        stop = min(r + refit, size)
        _score(features[r:stop], model, scores[r:stop])
    return scores, models


def pca_projections(bank: IndicatorBank, window: int, refit: int, horizon: int) -> FloatArray:
    """Return the projections of a market's fits, for trees of any depth, shape (fits, p * (p + 1))."""
    features = bank(learning_features)
    return walk_forward_projections(features, FEATURE_LOOKBACK, window, refit, horizon)


def pca_tree_scores(
    bank: IndicatorBank, window: int, refit: int, horizon: int, components: int, depth: int, quantiles: int
) -> FloatArray:
    """Return walk-forward scores, the tree's leaning to the highest over the lowest quantile, shape (n,)."""
    features, projections = bank(learning_features), bank(pca_projections, window, refit, horizon)
    targets = forward_returns(bank.candles.close, horizon)
    return walk_forward_trees(
        features, targets, projections, FEATURE_LOOKBACK, window, refit, horizon, components, depth, quantiles
    )[0]
