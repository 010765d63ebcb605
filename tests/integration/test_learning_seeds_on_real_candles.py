import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.svc_scores import svc_scores
from genepool.indicators.walk_forward import forward_returns
from genepool.market.candles import Candles
from genepool.strategies import Strategy
from genepool.strategies.linear_svc_classifier import STRATEGY as LINEAR_SVC
from genepool.strategies.pca_tree_quantile import STRATEGY as PCA_TREE

FILE = Path(__file__).resolve().parents[3] / "shared/data/btcusd_1h_coinbase/Coinbase_BTCUSD_1h.csv"
WINDOW, REFIT, HORIZON, COST = 600, 100, 24, 0.001

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FILE.exists(), reason="the research data sets are not beside the checkout"),
]


@cache
def bitcoin(candles: int) -> Candles:
    """Read the newest candles with nothing but the standard library."""
    with FILE.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[2 : candles + 2][::-1]
    columns = np.array([[float(cell) for cell in row[2:7]] for row in rows])
    opened, high, low, close, volume = columns.T
    return Candles("BTCUSD", "1h", np.arange(candles) * 3_600_000_000_000, opened, high, low, close, volume)


def test_labels_equal_those_of_refitting_scikit_learn() -> None:
    # Imported here: it takes two seconds, and every test process reads this module.
    svm, scaling, pipeline = (
        pytest.importorskip(f"sklearn.{part}") for part in ("svm", "preprocessing", "pipeline")
    )
    bank = IndicatorBank(bitcoin(4_000))
    features, targets = bank(learning_features), forward_returns(bank.candles.close, HORIZON)
    scores = svc_scores(bank, WINDOW, REFIT, HORIZON, COST)
    for r in range(FEATURE_LOOKBACK + WINDOW + HORIZON - 1, 4_000, REFIT):
        known = slice(r - HORIZON - WINDOW + 1, r - HORIZON + 1)
        classifier = svm.LinearSVC(C=COST, dual=False, tol=1e-12, max_iter=100_000)
        moved = targets[known] != 0
        scaler = scaling.StandardScaler().fit(features[known])
        classifier.fit(scaler.transform(features[known])[moved], np.sign(targets[known])[moved])
        said = pipeline.make_pipeline(scaler, classifier).predict(features[r : r + REFIT])
        assert (np.sign(scores[r : r + REFIT]) == said).all()


@pytest.mark.parametrize("strategy", [LINEAR_SVC, PCA_TREE], ids=lambda strategy: strategy.name)
def test_cutting_the_history_short_changes_nothing_before_the_cut(strategy: Strategy) -> None:
    candles, genome = bitcoin(4_000), strategy.genome().values
    whole = strategy.exposure(IndicatorBank(candles), genome)
    assert 0.05 < np.abs(whole[strategy.lookback(genome) :]).mean() <= 1
    for cut in range(700, 4_000, 167):
        cut_short = strategy.exposure(IndicatorBank(candles.slice(0, cut)), genome)
        assert cut_short.tobytes() == whole[:cut].tobytes()
