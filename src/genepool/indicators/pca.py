"""Principal components of a few standardised columns, by Jacobi's rotations.

A dense library would give other last bits on other machines; for ten columns, rotations in a fixed
order are quick and give the same bits everywhere.

Source: Pearson, "On lines and planes of closest fit", 1901; Jacobi's method in the cyclic order of
Golub and Van Loan, "Matrix Computations", section 8.5.
"""

import numpy as np

from genepool.indicators.cross_products import cross_products
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

_SWEEPS = 30
# Off-diagonal squares below this share of the diagonal's are rounding.
_TOLERANCE = 1e-30


@kernel
def covariance(rows: FloatArray) -> FloatArray:
    """Return the covariance matrix (divisor n - 1) of columns whose means are 0, shape (p, p)."""
    matrix: FloatArray = cross_products(rows) / (rows.shape[0] - 1)
    return matrix


@kernel
def _rotation(matrix: FloatArray, i: int, j: int) -> tuple[float, float]:
    slope = (matrix[j, j] - matrix[i, i]) / (2.0 * matrix[i, j])
    root = np.sqrt(slope * slope + 1.0)
    tangent = 1.0 / (slope + root) if slope >= 0.0 else 1.0 / (slope - root)
    cosine = 1.0 / np.sqrt(tangent * tangent + 1.0)
    return cosine, tangent * cosine


@kernel
def _rotate(matrix: FloatArray, vectors: FloatArray, i: int, j: int) -> None:
    cosine, sine = _rotation(matrix, i, j)
    for k in range(matrix.shape[0]):
        left, right = matrix[k, i], matrix[k, j]
        matrix[k, i] = cosine * left - sine * right
        matrix[k, j] = sine * left + cosine * right
    for k in range(matrix.shape[0]):
        left, right = matrix[i, k], matrix[j, k]
        matrix[i, k] = cosine * left - sine * right
        matrix[j, k] = sine * left + cosine * right
        left, right = vectors[i, k], vectors[j, k]
        vectors[i, k] = cosine * left - sine * right
        vectors[j, k] = sine * left + cosine * right


@kernel
def _is_diagonal(matrix: FloatArray) -> bool:
    on, off = 0.0, 0.0
    for i in range(matrix.shape[0]):
        on += matrix[i, i] * matrix[i, i]
        for j in range(i):
            off += matrix[i, j] * matrix[i, j]
    return bool(off <= _TOLERANCE * on)


@kernel
def _sign(vector: FloatArray) -> float:
    largest = 0
    for k in range(vector.size):
        if abs(vector[k]) > abs(vector[largest]):
            largest = k
    return -1.0 if vector[largest] < 0.0 else 1.0


@kernel
def _rank(matrix: FloatArray, i: int) -> int:
    rank = 0
    for j in range(matrix.shape[0]):
        if matrix[j, j] > matrix[i, i] or (matrix[j, j] == matrix[i, i] and j < i):
            rank += 1
    return rank


@kernel
def eigen(symmetric: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return eigenvalues, largest first, and their unit vectors as rows.

    Of the two directions of a vector the one whose largest loading is positive is given; equal
    eigenvalues keep the order of the columns.
    """
    size = symmetric.shape[0]
    matrix, vectors = symmetric.copy(), np.eye(size)
    for _ in range(_SWEEPS):
        if _is_diagonal(matrix):
            break
        for i in range(size - 1):
            for j in range(i + 1, size):
                if matrix[i, j] != 0.0:
                    _rotate(matrix, vectors, i, j)
    values, ordered = np.empty(size), np.empty((size, size))
    for i in range(size):
        rank, sign = _rank(matrix, i), _sign(vectors[i])
        values[rank] = matrix[i, i]
        for k in range(size):
            ordered[rank, k] = sign * vectors[i, k]
    return values, ordered


@kernel
def principal_components(rows: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Return the variances and the loadings of the first components of columns whose means are 0.

    Parameters
    ----------
    rows
        Shape (n, p), n at least 2.
    count
        How many components, at most p.

    Returns
    -------
    tuple
        Variances of shape (count,), largest first, and loadings of shape (count, p).
    """
    values, vectors = eigen(covariance(rows))
    return values[:count].copy(), vectors[:count].copy()
