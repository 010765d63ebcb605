"""The bins that a window's principal components fall into, shared by every tree on that window.

A window's components and their quantiles depend on its rows alone: on no target, and on neither how far
ahead a tree looks nor how deep it is. What trees need of them is a byte a row and component.
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.histogram_tree import BINS, ByteArray, quantile_cuts
from genepool.indicators.pca import principal_components
from genepool.indicators.walk_forward import fit_count, scaling, standardised
from genepool.kernels import kernel
from genepool.market.candles import FloatArray


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
def projection_of(features: FloatArray) -> FloatArray:
    """Return one window's projection on all of its principal components, shape (p, p + 1)."""
    mean, inverse = scaling(features)
    loadings = principal_components(standardised(features, mean, inverse), features.shape[1])[1]
    return _projection(loadings, mean, inverse)


@kernel
def _project(columns: FloatArray, loadings: FloatArray, points: FloatArray) -> None:
    """Project rows on one component, added up in the order of the columns: the offset first."""
    points[:] = loadings[-1]
    for j in range(columns.shape[0]):
        loading, column = loadings[j], columns[j]
        for i in range(points.size):
            points[i] += loading * column[i]


@kernel
def _put_in_bins(points: FloatArray, edges: FloatArray, bins: ByteArray) -> None:
    """Count the edges below each point, all points a step: loops without a branch, side by side."""
    below = np.zeros(points.size, np.int32)
    step = BINS // 2
    while step > 0:
        for i in range(points.size):
            below[i] += step if edges[below[i] + step - 1] < points[i] else 0
        step //= 2
    for i in range(points.size):
        bins[i] = below[i]


@kernel
def walk_forward_bins(
    features: FloatArray, first: int, window: int, stride: int, components: int, reach: int
) -> ByteArray:
    """Return the bins of each window's rows, and of the rows after it that its fits may be asked about.

    Parameters
    ----------
    features
        Shape (n, p), valid from row ``first`` on.
    first
        First row of the first window.
    window, stride
        Rows of each window, and rows from one to the next.
    components
        How many of the components, those of the largest variance first.
    reach
        Rows after the window.

    Returns
    -------
    ByteArray
        Shape (windows, components, window + reach), 0 to 63; 0 beyond the last candle.
    """
    size, width = features.shape[0], features.shape[1] + 1
    columns = np.ascontiguousarray(features.T)
    # A window whose last row is the last candle decides for no other one.
    bins = np.zeros((fit_count(size, first + window, stride), components, window + reach), np.uint8)
    points = np.empty(window + reach)
    for fit in range(bins.shape[0]):
        start = first + fit * stride
        stop = min(start + window + reach, size)
        projection = projection_of(features[start : start + window])
        for c in range(components):
            found = points[: stop - start]
            _project(columns[:, start:stop], projection[c, :width], found)
            edges = quantile_cuts(found[:window], BINS)
            _put_in_bins(found, edges, bins[fit, c, : stop - start])
    return bins


def component_bins(
    bank: IndicatorBank, window: int, stride: int, offset: int, components: int, reach: int
) -> ByteArray:
    """Return the bins of one strand of fits, see ``walk_forward.strands`` and ``walk_forward_bins``."""
    features = bank(learning_features)
    return walk_forward_bins(features, FEATURE_LOOKBACK + offset, window, stride, components, reach)
