"""Curves of many points keep their ends and their extremes in some."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from genepool.backtest.thinning import FEWEST_POINTS, thinned

CURVES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300).map(np.array)
POINTS = st.integers(FEWEST_POINTS, 120)


@given(CURVES, POINTS)
def test_ends_and_extremes_are_kept_in_order_and_no_more_points_than_asked(
    values: np.ndarray, points: int
) -> None:
    places = thinned(values, points)
    kept = values[places]
    assert len(places) <= points
    assert (np.diff(places) > 0).all()
    assert (kept[0], kept[-1]) == (values[0], values[-1])
    assert (kept.max(), kept.min()) == (values.max(), values.min())


@given(CURVES)
def test_a_short_curve_stays_as_it_is(values: np.ndarray) -> None:
    assert thinned(values, max(len(values), FEWEST_POINTS)).tolist() == list(range(len(values)))
