"""Nulls of the calibration stop early only where no further one could change what is believed."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from benchmarks.calibration.nulls import Asked, rare, stood
from genepool.robustness.null_test import as_good, holm, is_rare, p_value

NAME = "sum_of_both"
FIGURES = some.sampled_from([None, *map(float, range(40))])


def figures(numbers: list[float | None]) -> list[Mapping[str, float | None]]:
    return [{NAME: number} for number in numbers]


@pytest.mark.parametrize(
    ("count", "searches", "enough"), [(19, 1, 1), (99, 1, 5), (199, 1, 10), (399, 20, 1), (19, 20, 0)]
)
def test_so_many_as_good_settle_it(count: int, searches: int, enough: int) -> None:
    assert Asked(count, "block_shuffle", searches).enough == enough


@settings(derandomize=True, deadline=None, max_examples=60)
@given(FIGURES, some.lists(FIGURES, min_size=1, max_size=45), some.integers(1, 3))
def test_the_belief_is_that_of_all_nulls(own: float | None, nulls: list[float | None], searches: int) -> None:
    asked = Asked(len(nulls), "block_shuffle", searches)
    one = stood({NAME: own}, figures(nulls), asked, NAME)
    whole = p_value(as_good(own, nulls), len(nulls))
    assert rare(one, asked) == is_rare(holm(whole, [None] * (searches - 1)))
    assert one.looked_at <= len(nulls)


def test_a_settled_p_value_is_that_of_besag_and_clifford() -> None:
    asked = Asked(19, "block_shuffle")
    one = stood({NAME: 1.0}, figures([0.0, 0.0, 0.0, 2.0, 5.0]), asked, NAME)
    assert (one.reached, one.looked_at, one.p_value) == (1, 4, 0.25)
    assert not rare(one, asked)


def test_none_as_good_of_nineteen_is_rare() -> None:
    asked = Asked(19, "block_shuffle")
    assert stood({NAME: 3.0}, figures([2.0] * 19), asked, NAME).p_value == 0.05
    assert rare(stood({NAME: 3.0}, figures([2.0] * 19), asked, NAME), asked)
