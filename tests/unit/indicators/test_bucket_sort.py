"""A window is sorted as numpy sorts it, whatever it holds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.indicators.bucket_sort import bucket_sorted
from genepool.indicators.histogram_tree import BINS, binned, part_of, quantile_cuts
from genepool.market.candles import FloatArray
from genepool.randomness import Purpose, generator

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64)
WINDOWS = st.lists(FINITE, min_size=1, max_size=200).map(np.array)


@settings(max_examples=60, deadline=None)
@given(WINDOWS)
def test_it_is_the_order_of_numpy(values: FloatArray) -> None:
    assert np.array_equal(bucket_sorted(values), np.sort(values))


@pytest.mark.parametrize(
    "values",
    [
        [1e308, -1e308, 0.0],
        [5e-324, 0.0, 1e-323],
        [1.0, 1.0 + 2**-52, 1.0],
        [1e300, 1.0, 2.0, 3.0],
        [7.0],
        [-0.0, 0.0, -1.0],
    ],
    ids=["no finite range", "hardly a range", "one bit apart", "crowded", "alone", "two zeros"],
)
def test_ranges_that_no_buckets_divide_are_sorted_too(values: list[float]) -> None:
    window = np.array(values)
    assert np.array_equal(bucket_sorted(window), np.sort(window))


@settings(max_examples=40, deadline=None)
@given(WINDOWS, FINITE)
def test_a_value_is_in_the_part_that_counting_the_cuts_below_it_tells(
    values: FloatArray, value: float
) -> None:
    cuts = quantile_cuts(values, 5)
    assert part_of(value, cuts) == np.count_nonzero(cuts < value)


def test_bins_count_the_edges_below() -> None:
    rows: FloatArray = np.round(generator(3, Purpose.BENCHMARK).normal(size=(300, 2)), 2)
    bins, edges = binned(rows)
    for j in range(2):
        assert np.array_equal(bins[:, j], (edges[j][None, :] < rows[:, j, None]).sum(axis=1))
    assert bins.max() < BINS
