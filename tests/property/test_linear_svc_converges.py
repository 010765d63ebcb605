import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.indicators.linear_svc import fit_linear_svc

COLUMN_KINDS = st.sampled_from(["normal", "zero", "constant", "copy", "sparse", "huge"])


@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(2, 120),
    kinds=st.lists(COLUMN_KINDS, min_size=1, max_size=8),
    cost=st.sampled_from([1e-4, 1e-2, 1.0, 1e3]),
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_the_minimum_is_found_whatever_the_columns_are(
    seed: int, rows: int, kinds: list[str], cost: float
) -> None:
    rng = np.random.default_rng(seed)
    values = np.ones((rows, len(kinds) + 1))
    for j, kind in enumerate(kinds):
        made = {
            "normal": rng.normal(size=rows),
            "zero": np.zeros(rows),
            "constant": np.full(rows, 2.5),
            "copy": values[:, j - 1],
            "sparse": (rng.random(rows) < 0.1).astype(np.float64),
            "huge": 100 * rng.standard_t(2, rows),
        }
        values[:, j] = made[kind]
    labels = rng.choice([-1.0, 0.0, 1.0], rows)
    weights = fit_linear_svc(values, labels, cost)
    shortfall = np.maximum(1 - labels * (values @ weights), 0) * (labels != 0)
    gradient = weights - 2 * cost * values.T @ (labels * shortfall)
    start = 2 * cost * np.abs(values.T @ labels).max()
    # Rounding in the sums that the gradient is the difference of.
    rounding = 1e-13 * 2 * cost * (np.abs(values).T @ shortfall).max()
    assert np.abs(gradient).max() <= 1e-9 * start + rounding
