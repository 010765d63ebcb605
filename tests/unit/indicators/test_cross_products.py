"""Sums of products side by side have the bits of one sum after the other."""

import numpy as np
import pytest

from genepool.indicators.cross_products import cross_products
from genepool.market.candles import FloatArray
from genepool.randomness import Purpose, generator


def one_after_the_other(rows: FloatArray) -> FloatArray:
    """Add each row's products to the sums, in the order of the rows."""
    sums = np.zeros((rows.shape[1], rows.shape[1]))
    for row in rows:
        sums += row[:, None] * row[None, :]
    return sums


@pytest.mark.parametrize("columns", range(1, 15))
def test_no_bit_differs_whatever_the_number_of_columns(columns: int) -> None:
    rows = generator(columns, Purpose.BENCHMARK).normal(size=(57, columns)) * 10.0 ** np.arange(columns)
    assert np.array_equal(cross_products(rows), one_after_the_other(rows))


def test_without_rows_all_sums_are_nothing() -> None:
    assert np.array_equal(cross_products(np.empty((0, 5))), np.zeros((5, 5)))


def test_rows_of_a_larger_array_are_taken_as_they_lie() -> None:
    rows = generator(1, Purpose.BENCHMARK).normal(size=(20, 6))
    assert np.array_equal(cross_products(rows[:7]), one_after_the_other(rows[:7]))
