"""Bet on the direction that a linear support-vector classifier expects, once it is sure enough.

The classifier is refitted on past candles only, on labels that were known by then. Genomes that
differ in their thresholds alone share all fits.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK
from genepool.indicators.hysteresis import hold
from genepool.indicators.svc_scores import svc_scores
from genepool.indicators.walk_forward import memory
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy

# Permitted weights of the loss, as literals: a power would be computed by the machine's own library.
_COSTS = (0.0001, 0.001, 0.01, 0.1)


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    window, refit, horizon = int(genes["window"]), int(genes["refit"]), int(genes["horizon"])
    scores = bank(svc_scores, window, refit, horizon, _COSTS[int(genes["cost_level"])])
    entry = genes["entry_threshold"]
    return hold(scores, entry, genes["exit_share"] * entry)


def _lookback(genes: Genes) -> int:
    return memory(int(genes["window"]), int(genes["refit"]), int(genes["horizon"]), FEATURE_LOOKBACK)


STRATEGY = Strategy(
    name="linear_svc_classifier",
    summary="Bets on the direction that a linear classifier, refitted on past candles only, expects.",
    source="Corinna Cortes and Vladimir Vapnik, Support-Vector Networks, Machine Learning, 1995; purged "
    "labels after Marcos Lopez de Prado, Advances in Financial Machine Learning, 2018",
    genes=(
        Gene("window", 400, 1000, 200, 600, "Candles that each fit learns from.", integer=True),
        Gene("refit", 50, 100, 50, 100, "Candles between two fits.", integer=True),
        Gene("horizon", 12, 48, 12, 24, "Candles ahead whose direction is learnt.", integer=True),
        Gene(
            "cost_level", 0, 3, 1, 1,
            "Weight of a wrong label against large weights: 0.0001, 0.001, 0.01 or 0.1.",
            integer=True,
        ),
        Gene(
            "entry_threshold", 0, 2, 0.25, 0.5,
            "Score that opens a position, in root mean square decision values of the fit.",
        ),
        Gene("exit_share", 0, 1, 0.25, 0.5, "Share of the entry threshold below which a position is closed."),
    ),
    exposure=_exposure,
    lookback=_lookback,
    learning=True,
    fitted=("window", "refit", "horizon", "cost_level"),
)  # fmt: skip
