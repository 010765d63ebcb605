"""How rare a figure is among those of null searches; published figures are told with their source."""

import pytest

from genepool.robustness.null_test import as_good, holm, interval, is_rare, p_value, settled


def test_the_search_counts_among_the_nulls() -> None:
    assert p_value(0, 19) == 0.05
    assert p_value(4, 19) == 0.25
    assert p_value(19, 19) == 1.0
    assert p_value(0, 0) == 1.0


def test_a_null_as_good_counts_against_the_search() -> None:
    assert as_good(1.0, [0.5, 1.0, 2.0]) == 2


def test_a_search_that_found_nothing_is_below_every_null() -> None:
    assert as_good(None, [-1.0, None]) == 2
    assert as_good(-1.0, [None, -2.0]) == 0


@pytest.mark.parametrize(
    ("reached", "nulls", "confidence", "low", "high"),
    [
        # R's binom.test(x, n): 0 of 10, 1 of 19, 682 of 925 (Conover 1971, as its help page has it).
        (0, 10, 0.95, 0.0, 0.3084971),
        (1, 19, 0.95, 0.001331, 0.260281),
        (682, 925, 0.95, 0.7076683, 0.7654066),
        (19, 19, 0.95, 0.823534, 1.0),
    ],
)
def test_the_interval_is_that_of_clopper_and_pearson(
    reached: int, nulls: int, confidence: float, low: float, high: float
) -> None:
    assert interval(reached, nulls, confidence) == pytest.approx((low, high), abs=2e-6)


def test_without_nulls_the_interval_is_everything() -> None:
    assert interval(0, 0) == (0.0, 1.0)


def test_ten_nulls_as_good_settle_it_and_the_p_value_stays_valid() -> None:
    assert not settled(9)
    assert settled(10)
    # Besag and Clifford would say 10 / 40.
    assert p_value(10, 40) >= 10 / 40


def test_holm_corrects_for_the_other_searches() -> None:
    # Holm (1979) by hand: 0.01 * 3; 0.02 * 2; 0.06 * 1.
    assert holm(0.01, [0.06, 0.02]) == pytest.approx(0.03)
    assert holm(0.02, [0.06, 0.01]) == pytest.approx(0.04)
    assert holm(0.06, [0.01, 0.02]) == pytest.approx(0.06)
    # None is smaller than the one before it.
    assert holm(0.015, [0.01]) == pytest.approx(0.02)
    assert holm(0.05, []) == 0.05


def test_a_p_value_of_the_error_itself_is_rare_after_any_correction() -> None:
    assert all(is_rare(holm(p_value(0, 20 * m - 1), [None] * (m - 1))) for m in range(1, 200))
    assert not is_rare(0.0501)


def test_a_search_without_nulls_counts_with_p_1() -> None:
    assert holm(0.01, [None] * 19) == pytest.approx(0.2)
    assert holm(0.5, [None, 0.9]) == 1.0
