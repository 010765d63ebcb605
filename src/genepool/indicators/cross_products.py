"""Sums of products of columns, each summed in the order of the rows, several side by side.

A sum in a fixed order is a chain: each addition waits for the one before. The sums of a row of the matrix lie
side by side, so that one instruction adds to several, and four rows are added at each visit, one after the
other. No bit of any sum is another than one chain alone would give.
"""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray

_AT_ONCE = 4


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
    count, size = rows.shape
    sums = np.zeros((size, size))
    paired = count - count % _AT_ONCE
    for i in range(0, paired, _AT_ONCE):
        a, b, c, d = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
        for j in range(size):
            aj, bj, cj, dj, into = a[j], b[j], c[j], d[j], sums[j]
            for k in range(size):
                into[k] = (((into[k] + aj * a[k]) + bj * b[k]) + cj * c[k]) + dj * d[k]
    for i in range(paired, count):
        row = rows[i]
        for j in range(size):
            for k in range(size):
                sums[j, k] += row[j] * row[k]
    return sums
