"""Bet on the return quantile that a shallow tree on principal components leans to.

Features are turned into a few principal components; a tree learns in which quantile of the
window's own forward returns a candle falls. Fits use past candles and known returns only, and
genomes that differ in their thresholds alone share them.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK
from genepool.indicators.hysteresis import hold
from genepool.indicators.pca_tree import pca_tree_scores
from genepool.indicators.walk_forward import memory
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy

_FITTED = ("window", "refit", "horizon", "components", "depth", "quantiles")


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    scores = bank(pca_tree_scores, *(int(genes[name]) for name in _FITTED))
    entry = genes["entry_threshold"]
    return hold(scores, entry, genes["exit_share"] * entry)


def _lookback(genes: Genes) -> int:
    return memory(int(genes["window"]), int(genes["refit"]), int(genes["horizon"]), FEATURE_LOOKBACK)


STRATEGY = Strategy(
    name="pca_tree_quantile",
    summary="Bets on the return quantile that a shallow tree on principal components, refitted on the past "
    "only, leans to.",
    source="Leo Breiman, Jerome Friedman, Richard Olshen and Charles Stone, Classification and Regression "
    "Trees, 1984; Karl Pearson, On Lines and Planes of Closest Fit, 1901",
    genes=(
        Gene("window", 400, 1000, 200, 600, "Candles that each fit learns from.", integer=True),
        Gene("refit", 50, 100, 50, 100, "Candles between two fits.", integer=True),
        Gene("horizon", 12, 48, 12, 24, "Candles ahead whose return is learnt.", integer=True),
        Gene("components", 2, 6, 2, 4, "Principal components that the tree sees.", integer=True),
        Gene("depth", 2, 4, 1, 3, "Levels of the tree.", integer=True),
        Gene("quantiles", 3, 5, 1, 3, "Classes of equal size that forward returns are put in.", integer=True),
        Gene(
            "entry_threshold", 0, 0.6, 0.05, 0.15,
            "Chance of the highest quantile less that of the lowest that opens a position.",
        ),
        Gene("exit_share", 0, 1, 0.25, 0.5, "Share of the entry threshold below which a position is closed."),
    ),
    exposure=_exposure,
    lookback=_lookback,
    learning=True,
    fitted=_FITTED,
)  # fmt: skip
