"""Student's t against printed tables."""

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.robustness.student import student_quantile, student_tail


@pytest.mark.parametrize(
    ("tail", "freedom", "figure"),
    [
        # Abramowitz and Stegun (1964), table 26.10.
        (0.05, 1, 6.314),
        (0.05, 2, 2.920),
        (0.05, 9, 1.833),
        (0.05, 30, 1.697),
        (0.05, 120, 1.658),
        (0.025, 1, 12.706),
        (0.025, 10, 2.228),
        (0.025, 30, 2.042),
        (0.005, 10, 3.169),
        (0.005, 60, 2.660),
        (0.0005, 4, 8.610),
        (0.0005, 10, 4.587),
        (0.0005, 30, 3.646),
    ],
)
def test_quantiles_are_those_of_the_tables(tail: float, freedom: int, figure: float) -> None:
    assert student_quantile(tail, freedom) == pytest.approx(figure, abs=5.1e-4)


@given(st.floats(1e-9, 0.5), st.integers(1, 5_000))
def test_a_quantile_has_the_tail_that_was_asked_for(tail: float, freedom: int) -> None:
    assert student_tail(student_quantile(tail, freedom), freedom) == pytest.approx(tail, rel=1e-9)


def test_many_degrees_of_freedom_make_it_normal() -> None:
    assert student_quantile(0.05, 1e7) == pytest.approx(NormalDist().inv_cdf(0.95), abs=1e-6)


def test_it_is_symmetric() -> None:
    assert student_tail(-1.3, 7) == pytest.approx(1.0 - student_tail(1.3, 7))
    assert student_tail(0.0, 7) == pytest.approx(0.5)
