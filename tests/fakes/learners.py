"""The learning seeds' fits on any features and targets: scores, and all that the fits consist of."""

import numpy as np

from benchmarks.frozen_trees import walk_forward_projections, walk_forward_trees
from genepool.indicators.component_bins import walk_forward_bins
from genepool.indicators.pca_tree import fitted_trees, score_strand
from genepool.indicators.svc_scores import walk_forward_scorers, walk_forward_scores
from genepool.market.candles import FloatArray
from tests.fakes.bank_rows import kept

Walked = tuple[FloatArray, FloatArray]


def walk_forward_svc(
    features: FloatArray, targets: FloatArray, first: int, window: int, refit: int, purge: int, cost: float
) -> Walked:
    """Return scores and scorers of the classifier."""
    features = kept(features)
    scorers = walk_forward_scorers(features, targets, first, window, refit, purge, cost)
    return walk_forward_scores(features, scorers, first + window + purge - 1, refit), scorers


def plain_trees(
    features: FloatArray, targets: FloatArray, first: int, window: int, refit: int, purge: int,
    components: int, depth: int, quantiles: int,
) -> Walked:  # fmt: skip
    """Return scores and models of trees that are fitted one by one."""
    features = kept(features)
    projections = kept(walk_forward_projections(features, first, window, refit, purge))
    return walk_forward_trees(
        features, targets, projections, first, window, refit, purge, components, depth, quantiles
    )


def shared_trees(
    features: FloatArray, targets: FloatArray, first: int, window: int, refit: int, purge: int,
    components: int, depth: int, quantiles: int,
) -> Walked:  # fmt: skip
    """Return scores and models of trees on shared bins, all of one strand."""
    reach = purge - 1 + refit
    bins = kept(walk_forward_bins(kept(features), first, window, refit, components, reach))
    trees = fitted_trees(bins, targets, first, window, refit, purge, components, depth, quantiles)
    scores, ahead = np.zeros(targets.size), window + purge - 1
    score_strand(bins, kept(trees), first + ahead, refit, refit, ahead, depth, scores)
    return scores, trees
