import numpy as np
import pytest

from genepool.indicators.pca import eigen, principal_components
from genepool.market.candles import FloatArray


def mixed(seed: int, rows: int = 500, columns: int = 10) -> FloatArray:
    """Correlated columns whose means are 0."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, columns)) @ rng.normal(size=(columns, columns))
    return np.ascontiguousarray(values - values.mean(axis=0))


@pytest.mark.parametrize("seed", range(5))
def test_variances_and_loadings_equal_scikit_learn(seed: int) -> None:
    rows = mixed(seed)
    from sklearn.decomposition import PCA  # noqa: PLC0415 - a second of each process that collects

    oracle = PCA(n_components=4, svd_solver="full").fit(rows)
    variances, loadings = principal_components(rows, 4)
    assert variances == pytest.approx(oracle.explained_variance_, rel=1e-9)
    assert loadings == pytest.approx(oracle.components_, abs=1e-9)


def test_components_are_orthonormal_and_rebuild_the_matrix() -> None:
    matrix = np.cov(mixed(6).T)
    values, vectors = eigen(matrix)
    assert vectors @ vectors.T == pytest.approx(np.eye(10), abs=1e-13)
    assert vectors.T @ np.diag(values) @ vectors == pytest.approx(matrix, abs=1e-12)
    assert (np.diff(values) <= 0).all()


def test_the_largest_loading_of_a_component_is_positive() -> None:
    _, vectors = eigen(np.cov(mixed(7).T))
    assert all(vector[np.abs(vector).argmax()] > 0 for vector in vectors)


def test_equal_eigenvalues_keep_the_order_of_the_columns() -> None:
    values, vectors = eigen(np.eye(4))
    assert (values == 1).all()
    assert (vectors == np.eye(4)).all()


def test_constant_columns_come_last_with_no_variance() -> None:
    rows = mixed(8, columns=5)
    rows[:, 1] = 0.0
    variances, loadings = principal_components(rows, 5)
    assert variances[-1] == 0.0
    assert loadings[-1] == pytest.approx([0, 1, 0, 0, 0])


def test_a_matrix_of_zeros_has_the_axes_as_components() -> None:
    values, vectors = eigen(np.zeros((3, 3)))
    assert not values.any()
    assert (vectors == np.eye(3)).all()
