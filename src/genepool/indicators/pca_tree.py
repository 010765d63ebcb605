"""A decision tree on principal components that tells in which quantile the next return will fall.

Like the linear classifier it is refitted as candles come; see ``walk_forward``. Bins are shared by all trees
of a window, whatever their targets, and fits by every refit that makes them.
"""

import numpy as np

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.component_bins import component_bins
from genepool.indicators.features import FEATURE_LOOKBACK
from genepool.indicators.histogram_tree import ByteArray, fit_tree, quantile_cuts
from genepool.indicators.walk_forward import fit_count, forward_returns, strands
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

# Each side of a split holds at least the window's rows over this.
_LEAST_SHARE = 20
# Trees up to so many components, and whose fits reach so many candles beyond their window, share bins.
_COMPONENTS = 6
_REACH = 147


@kernel
def _fitted(bins: ByteArray, targets: FloatArray, depth: int, quantiles: int, model: FloatArray) -> None:
    """Fit one window: grow a tree on return quantiles; the model is filled, as ``fitted_trees`` returns it.

    A leaf's score is its share of rows from the highest quantile less that from the lowest, -1
    to 1. Where the returns do not fill the quantiles (a market that stands still), all scores are 0.
    """
    cuts = quantile_cuts(targets, quantiles)
    classes = np.zeros(targets.size, np.int32)
    for cut in cuts:
        for i in range(targets.size):
            classes[i] += 1 if cut < targets[i] else 0
    count = (1 << depth) - 1
    splits = np.zeros((count, 2), np.int32)
    leaves = fit_tree(bins, classes, quantiles, depth, max(targets.size // _LEAST_SHARE, 1), splits)
    if cuts[0] < cuts[-1]:
        for leaf in range(count + 1):
            rows = leaves[leaf].sum()
            model[leaf] = (leaves[leaf, -1] - leaves[leaf, 0]) / rows if rows > 0 else 0.0
    for node in range(count):
        model[count + 1 + node] = splits[node, 0]
        model[2 * count + 1 + node] = splits[node, 1]


@kernel
def fitted_trees(
    bins: ByteArray, targets: FloatArray, first: int, window: int, stride: int, purge: int, components: int,
    depth: int, quantiles: int,
) -> FloatArray:  # fmt: skip
    """Return the trees of one strand of fits.

    Parameters
    ----------
    bins
        See ``component_bins.walk_forward_bins``, of the same windows or more.
    targets, first, window, stride, purge
        See ``svc_scores.walk_forward_scorers``; of the targets the quantile is learnt.
    components, depth, quantiles
        Principal components that the tree sees, levels of splits, and classes of returns, at least 3.

    Returns
    -------
    FloatArray
        Shape (fits, 3 * 2**depth - 2): leaf scores, columns and edges of the splits.
    """
    begin = first + window + purge - 1
    models = np.zeros((fit_count(targets.size, begin, stride), 3 * (1 << depth) - 2))
    for fit in range(models.shape[0]):
        start = first + fit * stride
        rows = targets[start : start + window]
        _fitted(bins[fit, :components, :window], rows, depth, quantiles, models[fit])
    return models


@kernel
def score_strand(
    bins: ByteArray, models: FloatArray, begin: int, stride: int, refit: int, ahead: int, depth: int,
    scores: FloatArray,
) -> None:  # fmt: skip
    """Score the ``refit`` candles from each fit on; the candle of a fit is row ``ahead`` of its bins."""
    count = (1 << depth) - 1
    for fit in range(models.shape[0]):
        model, r = models[fit], begin + fit * stride
        for t in range(r, min(r + refit, scores.size)):
            node, row = 0, ahead + t - r
            for _ in range(depth):
                column, edge = int(model[count + 1 + node]), model[2 * count + 1 + node]
                node = 2 * node + (2 if bins[fit, column, row] > edge else 1)
            scores[t] = model[node - count]


def tree_fits(
    bank: IndicatorBank, window: int, horizon: int, components: int, depth: int, quantiles: int, stride: int,
    offset: int, reach: int,
) -> FloatArray:  # fmt: skip
    """Return the trees of one strand of fits, see ``fitted_trees`` and ``walk_forward.strands``."""
    bins = bank(component_bins, window, stride, offset, max(components, _COMPONENTS), reach)
    targets = forward_returns(bank.candles.close, horizon)
    first = FEATURE_LOOKBACK + offset
    return fitted_trees(bins, targets, first, window, stride, horizon, components, depth, quantiles)


def pca_tree_scores(
    bank: IndicatorBank, window: int, refit: int, horizon: int, components: int, depth: int, quantiles: int
) -> FloatArray:
    """Return walk-forward scores, the tree's leaning to the highest over the lowest quantile, shape (n,)."""
    scores, ahead = np.zeros(len(bank.candles)), window + horizon - 1
    stride, offsets = strands(refit)
    reach = max(horizon - 1 + stride, _REACH)
    for offset in offsets:
        trees = bank(tree_fits, window, horizon, components, depth, quantiles, stride, offset, reach)
        bins = bank(component_bins, window, stride, offset, max(components, _COMPONENTS), reach)
        begin = FEATURE_LOOKBACK + offset + ahead
        score_strand(bins, trees, begin, stride, refit, ahead, depth, scores)
    return scores
