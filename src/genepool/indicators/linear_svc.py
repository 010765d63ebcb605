"""A linear support-vector classifier, fitted to convergence in its primal form.

The objective is liblinear's for the squared hinge loss with an L2 penalty, its intercept being
the weight of a column of ones and penalised like any other:

    f(w) = w.w / 2 + C * sum of max(0, 1 - y_i w.x_i)^2

It is convex and quadratic between the points where a row enters or leaves the sum, so Newton's
method with a line search ends at the minimum after a handful of steps.

Source: Cortes and Vapnik, "Support-vector networks", 1995; Keerthi and DeCoste, "A modified finite
Newton method for fast solution of large scale linear SVMs", 2005.
"""

import numpy as np

from genepool.indicators.cholesky import solve_positive_definite
from genepool.indicators.cross_products import cross_products
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

# The gradient's largest component at the end, as a share of that at the start.
_TOLERANCE = 1e-10
_NEWTON_STEPS = 60
_HALVINGS = 30
# A step may leave the objective higher by this share: that is rounding at the minimum.
_ROUNDING = 1e-13


@kernel
def products(rows: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the product of each row with the weights, summed in order of the columns."""
    outputs = np.empty(rows.shape[0])
    for i in range(rows.shape[0]):
        total = 0.0
        for j in range(weights.size):
            total += rows[i, j] * weights[j]
        outputs[i] = total
    return outputs


@kernel
def _objective_after(
    outputs: FloatArray,
    slopes: FloatArray,
    labels: FloatArray,
    weights: FloatArray,
    step: FloatArray,
    share: float,
    cost: float,
) -> float:
    """Return the objective after a share of a step."""
    loss, penalty = 0.0, 0.0
    for i in range(labels.size):
        shortfall = 1.0 - labels[i] * (outputs[i] - share * slopes[i])
        # No branch: whether a row counts is as good as random, and to add 0 changes no bit.
        counted = shortfall if labels[i] != 0.0 and shortfall > 0.0 else 0.0
        loss += counted * counted
    for j in range(weights.size):
        weight = weights[j] - share * step[j]
        penalty += weight * weight
    return 0.5 * penalty + cost * loss


@kernel
def _active_rows(rows: FloatArray, labels: FloatArray, outputs: FloatArray, active: FloatArray) -> int:
    """Gather the rows that are in the sum, each followed by its excess; return how many they are."""
    count, size = 0, rows.shape[1]
    for i in range(labels.size):
        for j in range(size):
            active[count, j] = rows[i, j]
        active[count, size] = outputs[i] - labels[i]
        # The next row is written over one that is not in the sum.
        count += 1 if labels[i] != 0.0 and labels[i] * outputs[i] < 1.0 else 0
    return count


@kernel
def _derivatives(
    rows: FloatArray,
    labels: FloatArray,
    outputs: FloatArray,
    weights: FloatArray,
    cost: float,
    active: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    size = weights.size
    count = _active_rows(rows, labels, outputs, active)
    sums = cross_products(active[:count])
    gradient, hessian = np.empty(size), np.empty((size, size))
    for j in range(size):
        gradient[j] = weights[j] + 2.0 * cost * sums[size, j]
        for k in range(size):
            hessian[j, k] = sums[j, k] * (2.0 * cost)
        hessian[j, j] += 1.0
    return gradient, hessian


@kernel
def _line_search(
    rows: FloatArray,
    labels: FloatArray,
    outputs: FloatArray,
    weights: FloatArray,
    step: FloatArray,
    cost: float,
) -> FloatArray:
    slopes = products(rows, step)
    allowed = _objective_after(outputs, slopes, labels, weights, step, 0.0, cost) * (1.0 + _ROUNDING)
    share = 1.0
    for _ in range(_HALVINGS):
        if _objective_after(outputs, slopes, labels, weights, step, share, cost) <= allowed:
            break
        share *= 0.5
    return weights - share * step


@kernel
def fit_linear_svc(rows: FloatArray, labels: FloatArray, cost: float) -> FloatArray:
    """Return the weights that minimise the objective.

    Parameters
    ----------
    rows
        Shape (n, p); a column of ones gives an intercept.
    labels
        Shape (n,), 1 or -1; a row whose label is 0 does not count.
    cost
        Weight ``C`` of the loss against the penalty, positive.

    Returns
    -------
    FloatArray
        Shape (p,).
    """
    weights = np.zeros(rows.shape[1])
    active = np.empty((rows.shape[0] + 1, rows.shape[1] + 1))
    wanted = -1.0
    for _ in range(_NEWTON_STEPS):
        outputs = products(rows, weights)
        gradient, hessian = _derivatives(rows, labels, outputs, weights, cost, active)
        steepest = np.max(np.abs(gradient))
        if wanted < 0.0:
            wanted = _TOLERANCE * steepest
        if steepest <= wanted:
            break
        step = solve_positive_definite(hessian, gradient)
        weights = _line_search(rows, labels, outputs, weights, step, cost)
    return weights
