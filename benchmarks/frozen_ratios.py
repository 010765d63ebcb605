"""How many times as fast the product is as what is frozen, and whether that is still what it was.

Seconds tell of the machine; a ratio of two kernels that take turns in one process tells of the code.
"""

import statistics
import time
from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks.frozen_trees import walk_forward_projections, walk_forward_trees
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.pca_tree import pca_tree_scores
from genepool.indicators.walk_forward import forward_returns
from genepool.market.candles import Candles, FloatArray
from genepool.market.synthetic import synthetic_market

# What was measured when the product was last made faster; raise it by hand, never lower it without a reason.
RECORDED = {"plain numpy": 18.5, "frozen trees": 3.0}
# A ratio below this share of the recorded one is a fall.
LEAST_SHARE = 0.8

CANDLES = 10_000
# Window, refit, horizon, components, depth and quantiles of as many trees as a first generation has.
TREES = tuple(
    (
        400 + k % 4 * 200,
        50 + k // 4 % 2 * 50,
        12 + k // 3 % 4 * 12,
        2 + k % 3 * 2,
        2 + k // 2 % 3,
        3 + k // 5 % 3,
    )
    for k in range(36)
)


def _frozen(candles: Candles) -> list[FloatArray]:
    """Fit the trees in their plain form; of trees on one window and refit the projections are shared."""
    bank = IndicatorBank(candles)
    features, scores = bank(learning_features), []
    for window, refit, horizon, *tree in TREES:
        projections = walk_forward_projections(features, FEATURE_LOOKBACK, window, refit, horizon)
        projections.flags.writeable = False
        targets = forward_returns(candles.close, horizon)
        walk = FEATURE_LOOKBACK, window, refit, horizon, *tree
        scores.append(walk_forward_trees(features, targets, projections, *walk)[0])
    return scores


def _ours(candles: Candles) -> list[FloatArray]:
    bank = IndicatorBank(candles)
    return [pca_tree_scores(bank, *tree) for tree in TREES]


def ratio_to_frozen_trees(rounds: int) -> float:
    """Return how many times as fast these trees are, from a cold bank: median of alternating rounds.

    Raises
    ------
    SystemExit
        When a bit of a score differs.
    """
    candles = synthetic_market("regimes", 1, CANDLES)
    if not np.array_equal(_frozen(candles), _ours(candles)):
        raise SystemExit("our trees score other bits than the frozen ones")
    ratios = []
    for _ in range(rounds):
        begin = time.process_time()
        _frozen(candles)
        middle = time.process_time()
        _ours(candles)
        ratios.append((middle - begin) / (time.process_time() - middle))
    return statistics.median(ratios)


def falls(ratios: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence for each ratio that fell by more than a fifth of what is recorded."""
    for name, ratio in ratios.items():
        if ratio < LEAST_SHARE * RECORDED[name]:
            yield f"{ratio:.1f} times as fast as {name}, recorded are {RECORDED[name]:.1f}"
