"""Solve small symmetric systems in a fixed order of operations."""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def solve_positive_definite(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solve ``matrix @ x = right`` by Cholesky's factorisation, both left untouched."""
    size = right.size
    lower, x = np.zeros((size, size)), np.empty(size)
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= lower[i, k] * lower[j, k]
            lower[i, j] = np.sqrt(total) if i == j else total / lower[j, j]
    for i in range(size):
        total = right[i]
        for k in range(i):
            total -= lower[i, k] * x[k]
        x[i] = total / lower[i, i]
    for i in range(size - 1, -1, -1):
        total = x[i]
        for k in range(i + 1, size):
            total -= lower[k, i] * x[k]
        x[i] = total / lower[i, i]
    return x
