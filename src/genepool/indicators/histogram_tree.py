"""A classification tree of fixed depth, grown level by level on histograms of 64 quantile bins.

Counts are whole numbers, and of equally good splits the first in the order of columns and bins is
taken, so a tree does not depend on the order of its rows.

Source: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984 (Gini
impurity); the histograms after Ke et al., "LightGBM", 2017.
"""

import numpy as np

from genepool.indicators.bucket_sort import bucket_sorted
from genepool.kernels import kernel
from genepool.market.candles import FloatArray, IntArray

BINS = 64


@kernel
def quantile_cuts(values: FloatArray, parts: int) -> FloatArray:
    """Return the ``parts - 1`` values that divide a sample into parts of equal count."""
    ordered = bucket_sorted(values)
    cuts = np.empty(parts - 1)
    for part in range(parts - 1):
        cuts[part] = ordered[max((part + 1) * values.size // parts - 1, 0)]
    return cuts


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
