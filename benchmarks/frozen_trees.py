"""Walk-forward trees in their plain form, one after another, frozen: what the product is compared with.

``make bench`` holds the product's speed against it, and tests hold every bit of the product's scores against
it. It is not made any faster. Window by window it projects the features on principal components, puts them
in bins, and grows a tree level by level.
"""

from typing import TypeAlias

import numpy as np

from genepool.indicators.component_bins import projection_of
from genepool.indicators.histogram_tree import BINS, quantile_cuts
from genepool.indicators.walk_forward import fit_count
from genepool.kernels import kernel
from genepool.market.candles import FloatArray, IntArray

# Each side of a split holds at least the window's rows over this.
_LEAST_SHARE = 20

# Projection of raw features (k, p + 1; the offset last), bin edges (k, 63), splits, leaf scores.
Model: TypeAlias = tuple[FloatArray, FloatArray, IntArray, FloatArray]


@kernel
def part_of(value: float, cuts: FloatArray) -> int:
    """Return how many of some ascending cuts are below a value: 0 for one that is at most the first cut."""
    low, high = 0, cuts.size
    while low < high:
        middle = (low + high) // 2
        if cuts[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _bin_of(value: float, edges: FloatArray) -> int:
    """Return ``part_of`` for 63 edges, in six steps without a branch that could be foretold wrongly."""
    below, step = 0, BINS // 2
    while step > 0:
        below += step if edges[below + step - 1] < value else 0
        step //= 2
    return below


@kernel
def binned(rows: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return each value's bin, shape (n, p), and the columns' bin edges, shape (p, 63)."""
    count, columns = rows.shape
    bins, edges = np.empty((count, columns), np.int64), np.empty((columns, BINS - 1))
    for j in range(columns):
        edges[j] = quantile_cuts(rows[:, j], BINS)
        for i in range(count):
            bins[i, j] = _bin_of(rows[i, j], edges[j])
    return bins, edges


@kernel
def _histogram(bins: IntArray, classes: IntArray, nodes: IntArray, width: int, kinds: int) -> IntArray:
    counts = np.zeros((width, bins.shape[1], BINS, kinds), np.int64)
    for i in range(bins.shape[0]):
        for j in range(bins.shape[1]):
            counts[nodes[i], j, bins[i, j], classes[i]] += 1
    return counts


@kernel
def _purity(left: IntArray, total: IntArray, on_left: int, size: int) -> float:
    squares_left, squares_right = 0, 0
    for kind in range(left.size):
        right = total[kind] - left[kind]
        squares_left += left[kind] * left[kind]
        squares_right += right * right
    return squares_left / on_left + squares_right / (size - on_left)


@kernel
def _best_split(counts: IntArray, least: int) -> tuple[int, int]:
    """Find one node's split with the purest children; (0, 63), all to the left, when none is permitted."""
    kinds = counts.shape[2]
    column, edge, best = 0, BINS - 1, -1.0
    total, size = np.zeros(kinds, np.int64), 0
    for b in range(BINS):
        for kind in range(kinds):
            total[kind] += counts[0, b, kind]
            size += counts[0, b, kind]
    for j in range(counts.shape[0]):
        left, on_left = np.zeros(kinds, np.int64), 0
        for b in range(BINS - 1):
            for kind in range(kinds):
                left[kind] += counts[j, b, kind]
                on_left += counts[j, b, kind]
            if on_left < least or size - on_left < least:
                continue
            purity = _purity(left, total, on_left, size)
            if purity > best:
                column, edge, best = j, b, purity
    return column, edge


@kernel
def fit_tree(
    bins: IntArray, classes: IntArray, kinds: int, depth: int, least: int
) -> tuple[IntArray, IntArray]:
    """Grow a tree that tells classes apart.

    Parameters
    ----------
    bins
        Shape (n, p), 0 to 63.
    classes
        Shape (n,), 0 to ``kinds - 1``.
    kinds
        How many classes there are.
    depth
        Levels of splits.
    least
        Rows that both sides of a split must hold.

    Returns
    -------
    tuple
        Splits of shape (2**depth - 1, 2): column, and the last bin that goes left, 63 for all of
        them; node k has the children 2k + 1 and 2k + 2. Then the class counts of the leaves, shape
        (2**depth, kinds).
    """
    splits = np.zeros((2**depth - 1, 2), np.int64)
    nodes = np.zeros(bins.shape[0], np.int64)
    for level in range(depth):
        width = 1 << level
        counts = _histogram(bins, classes, nodes, width, kinds)
        for node in range(width):
            column, edge = _best_split(counts[node], least)
            splits[width - 1 + node, 0] = column
            splits[width - 1 + node, 1] = edge
        for i in range(nodes.size):
            split = width - 1 + nodes[i]
            nodes[i] = 2 * nodes[i] + (1 if bins[i, splits[split, 0]] > splits[split, 1] else 0)
    leaves = np.zeros((2**depth, kinds), np.int64)
    for i in range(nodes.size):
        leaves[nodes[i], classes[i]] += 1
    return splits, leaves


@kernel
def leaf_of(row: IntArray, splits: IntArray) -> int:
    """Return the leaf that a binned row of shape (p,) falls into."""
    node = 0
    while node < splits.shape[0]:
        node = 2 * node + (2 if row[splits[node, 0]] > splits[node, 1] else 1)
    return int(node - splits.shape[0])


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
        projections[fit] = projection_of(features[known - window : known]).ravel()
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
