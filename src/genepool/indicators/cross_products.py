"""Sums of products of columns, each summed in the order of the rows, several side by side.

A sum in a fixed order is a chain: each addition waits for the one before. Eight chains at once, two
columns by four, keep the processor busy, and no bit of any sum is another than one chain alone would
give.
"""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def _eight(rows: FloatArray, j: int, k: int, sums: FloatArray) -> None:
    a0, a1, a2, a3, b0, b1, b2, b3 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(rows.shape[0]):
        left, right = rows[i, j], rows[i, j + 1]
        x0, x1, x2, x3 = rows[i, k], rows[i, k + 1], rows[i, k + 2], rows[i, k + 3]
        a0 += left * x0
        a1 += left * x1
        a2 += left * x2
        a3 += left * x3
        b0 += right * x0
        b1 += right * x1
        b2 += right * x2
        b3 += right * x3
    sums[j, k], sums[j, k + 1], sums[j, k + 2], sums[j, k + 3] = a0, a1, a2, a3
    sums[j + 1, k], sums[j + 1, k + 1], sums[j + 1, k + 2], sums[j + 1, k + 3] = b0, b1, b2, b3


@kernel
def _one(rows: FloatArray, j: int, k: int) -> float:
    total = 0.0
    for i in range(rows.shape[0]):
        total += rows[i, j] * rows[i, k]
    return total


@kernel
def cross_products(rows: FloatArray) -> FloatArray:
    """Return the sum of products of each two columns.

    Parameters
    ----------
    rows
        Shape (n, p), contiguous by row.

    Returns
    -------
    FloatArray
        Shape (p, p), symmetric.
    """
    size = rows.shape[1]
    sums = np.empty((size, size))
    paired = size - size % 2
    for j in range(0, paired, 2):
        k = 0
        while k <= j + 1 and k + 4 <= size:
            _eight(rows, j, k, sums)
            k += 4
        for rest in range(k, j + 2):
            sums[j, rest], sums[j + 1, rest] = _one(rows, j, rest), _one(rows, j + 1, rest)
    for j in range(paired, size):
        for k in range(size):
            sums[j, k] = _one(rows, j, k)
    for j in range(size):
        for k in range(j):
            sums[k, j] = sums[j, k]
    return sums
