"""A classification tree of fixed depth, grown level by level on histograms of 64 quantile bins.

Counts are whole numbers, and of equally good splits the first in the order of columns and bins is
taken, so a tree does not depend on the order of its rows. Bins lie column by column: one column is counted
after another, and all edges of a column are judged side by side.

Source: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984 (Gini
impurity); the histograms after Ke et al., "LightGBM", 2017.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from genepool.indicators.bucket_sort import bucket_sorted
from genepool.kernels import kernel
from genepool.market.candles import FloatArray, IntArray

BINS = 64

ByteArray: TypeAlias = npt.NDArray[np.uint8]
# Whole numbers of half the width: they take half the memory, and twice as many fit into an instruction.
HalfIntArray: TypeAlias = npt.NDArray[np.int32]


@kernel
def quantile_cuts(values: FloatArray, parts: int) -> FloatArray:
    """Return the ``parts - 1`` values that divide a sample into parts of equal count."""
    ordered = bucket_sorted(values)
    cuts = np.empty(parts - 1)
    for part in range(parts - 1):
        cuts[part] = ordered[max((part + 1) * values.size // parts - 1, 0)]
    return cuts


@kernel
def _count(bins: ByteArray, codes: HalfIntArray, counts: HalfIntArray) -> None:
    """Count one column's bins by node and class; a code is where the bins of both begin."""
    counts[:] = 0
    for i in range(codes.size):
        counts[codes[i] + bins[i]] += 1


@kernel
def _purities(counts: HalfIntArray, sums: FloatArray) -> None:
    """Judge all edges of one node and column.

    Counts have shape (kinds, 64). Filled: rows on the left of each edge, and the purity, in rows 0 and 3 of
    the sums, shape (5, 64). Squares of counts are whole numbers far below 2**53, so that they are exact.
    """
    on_left, here, there, purity, left = sums[0], sums[1], sums[2], sums[3], sums[4]
    sums[:3] = 0.0
    size = 0.0
    for kind in range(counts.shape[0]):
        total = 0.0
        for b in range(BINS):
            total += counts[kind, b]
            left[b] = total
        size += total
        for b in range(BINS):
            right = total - left[b]
            on_left[b] += left[b]
            here[b] += left[b] * left[b]
            there[b] += right * right
    for b in range(BINS):
        purity[b] = here[b] / on_left[b] + there[b] / (size - on_left[b])


@kernel
def _best_split(counts: HalfIntArray, least: int, sums: FloatArray) -> tuple[int, int]:
    """Find one node's split with the purest children; (0, 63), all to the left, when none is permitted.

    Counts have shape (p, kinds, 64).
    """
    column, edge, best, size = 0, BINS - 1, -1.0, counts[0].sum()
    if size < 2 * least:
        return column, edge
    for j in range(counts.shape[0]):
        _purities(counts[j], sums)
        for b in range(BINS - 1):
            if sums[3, b] > best and sums[0, b] >= least and size - sums[0, b] >= least:
                column, edge, best = j, b, sums[3, b]
    return column, edge


@kernel
def fit_tree(
    bins: ByteArray, classes: HalfIntArray, kinds: int, depth: int, least: int, splits: HalfIntArray
) -> IntArray:
    """Grow a tree that tells classes apart.

    Parameters
    ----------
    bins
        Shape (p, n), 0 to 63.
    classes
        Shape (n,), 0 to ``kinds - 1``.
    kinds
        How many classes there are.
    depth
        Levels of splits.
    least
        Rows that both sides of a split must hold, at least 1.
    splits
        Filled, of shape (2**depth - 1, 2): column, and the last bin that goes left, 63 for all of
        them; node k has the children 2k + 1 and 2k + 2.

    Returns
    -------
    IntArray
        The class counts of the leaves, shape (2**depth, kinds).
    """
    nodes, codes = np.zeros(classes.size, np.int32), np.empty(classes.size, np.int32)
    counts = np.empty((bins.shape[0], (kinds * BINS) << max(depth - 1, 0)), np.int32)
    sums = np.empty((5, BINS))
    for level in range(depth):
        width, size = 1 << level, kinds * BINS << level
        for i in range(codes.size):
            codes[i] = (nodes[i] * kinds + classes[i]) * BINS
        for j in range(bins.shape[0]):
            _count(bins[j], codes, counts[j, :size])
        by_node = counts[:, :size].copy().reshape((bins.shape[0], width, kinds, BINS))
        for node in range(width):
            column, edge = _best_split(by_node[:, node], least, sums)
            splits[width - 1 + node, 0] = column
            splits[width - 1 + node, 1] = edge
        for i in range(nodes.size):
            split = width - 1 + nodes[i]
            nodes[i] = 2 * nodes[i] + (1 if bins[splits[split, 0], i] > splits[split, 1] else 0)
    leaves = np.zeros((1 << depth, kinds), np.int64)
    for i in range(nodes.size):
        leaves[nodes[i], classes[i]] += 1
    return leaves
