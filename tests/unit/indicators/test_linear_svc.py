from typing import Any

import numpy as np
import pytest

from genepool.indicators.cholesky import solve_positive_definite
from genepool.indicators.linear_svc import fit_linear_svc
from genepool.indicators.svc_scores import fitted_scorer, walk_forward_svc
from genepool.market.candles import FloatArray

COSTS = (0.0001, 0.001, 0.01, 0.1, 1.0, 100.0)


def svc(cost: float) -> Any:  # noqa: ANN401 - without stubs
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - a second of each process that collects

    return LinearSVC(C=cost, dual=False, tol=1e-12, max_iter=100_000)


def on_scaled_features(model: Any) -> Any:  # noqa: ANN401 - as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - a second of each process that collects
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - as above

    return make_pipeline(StandardScaler(), model)


def planted(seed: int, rows: int = 800, noise: float = 2.0) -> tuple[FloatArray, FloatArray]:
    """Ten features, of which three decide the sign of the target."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 10))
    targets = features[:, 0] - features[:, 3] + 0.5 * features[:, 7] + rng.normal(scale=noise, size=rows)
    return features, targets


def with_intercept(features: FloatArray) -> FloatArray:
    return np.hstack((features, np.ones((len(features), 1))))


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_weights_equal_scikit_learn(cost: float, seed: int) -> None:
    features, targets = planted(seed)
    labels = np.sign(targets + 0.3)
    oracle = svc(cost).fit(features, labels)
    weights = fit_linear_svc(with_intercept(features), labels, cost)
    assert weights == pytest.approx([*oracle.coef_[0], *oracle.intercept_], abs=1e-6)


def test_the_gradient_is_zero_at_the_end() -> None:
    features, targets = planted(3)
    rows, labels = with_intercept(features), np.sign(targets)
    weights = fit_linear_svc(rows, labels, 0.1)
    shortfall = np.maximum(1 - labels * (rows @ weights), 0)
    gradient = weights - 2 * 0.1 * rows.T @ (labels * shortfall)
    assert np.abs(gradient).max() < 1e-10 * np.abs(2 * 0.1 * rows.T @ labels).max()


def test_separable_data_with_a_high_cost_still_converge() -> None:
    features, targets = planted(4, noise=0.0)
    labels = np.sign(targets)
    weights = fit_linear_svc(with_intercept(features), labels, 1e4)
    assert np.isfinite(weights).all()
    assert (np.sign(with_intercept(features) @ weights) == labels).mean() > 0.99


def test_rows_without_a_label_do_not_count() -> None:
    features, targets = planted(5)
    labels = np.sign(targets)
    labels[::3] = 0.0
    kept = labels != 0
    rows = with_intercept(features)
    assert fit_linear_svc(rows, labels, 0.01) == pytest.approx(
        fit_linear_svc(rows[kept], labels[kept], 0.01), rel=1e-12
    )


def test_duplicated_and_zero_columns_are_no_singular_problem() -> None:
    features, targets = planted(6)
    features[:, 1], features[:, 2] = features[:, 0], 0.0
    weights = fit_linear_svc(with_intercept(features), np.sign(targets), 1.0)
    assert weights[0] == pytest.approx(weights[1], rel=1e-9)
    assert weights[2] == 0.0


def test_the_system_of_equations_is_solved() -> None:
    rng = np.random.default_rng(7)
    root = rng.normal(size=(8, 8))
    matrix, right = root @ root.T + np.eye(8), rng.normal(size=8)
    assert solve_positive_definite(matrix, right) == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9)


@pytest.mark.slow
def test_scores_are_decision_values_in_units_of_their_window() -> None:
    features, targets = planted(8)
    model = on_scaled_features(svc(0.01))
    decisions = model.fit(features, np.sign(targets)).decision_function(features)
    scores = with_intercept(features) @ fitted_scorer(features, targets, 0.01)
    assert scores == pytest.approx(decisions / np.sqrt(np.mean(decisions**2)), abs=1e-6)


@pytest.mark.parametrize("targets", [np.zeros(100), np.ones(100), -np.ones(100)])
def test_a_window_with_one_direction_teaches_nothing(targets: FloatArray) -> None:
    features = np.random.default_rng(9).normal(size=(100, 4))
    assert not fitted_scorer(features, targets, 0.01).any()


@pytest.mark.slow
def test_walking_forward_gives_the_labels_that_refitting_scikit_learn_gives() -> None:
    features, targets = planted(10, rows=700)
    first, window, refit, purge = 20, 200, 50, 12
    scores, scorers = walk_forward_svc(features, targets, first, window, refit, purge, 0.01)
    begin = first + window + purge - 1
    assert not scores[:begin].any()
    assert len(scorers) == len(range(begin, 700, refit))
    for r in range(begin, 700, refit):
        known = slice(r - purge - window + 1, r - purge + 1)
        model = on_scaled_features(svc(0.01))
        model.fit(features[known], np.sign(targets[known]))
        ahead = slice(r, r + refit)
        assert (np.sign(scores[ahead]) == model.predict(features[ahead])).all()


def test_a_series_too_short_for_one_fit_scores_nothing() -> None:
    features, targets = planted(11, rows=100)
    scores, scorers = walk_forward_svc(features, targets, 20, 200, 50, 12, 0.01)
    assert not scores.any()
    assert len(scorers) == 0
