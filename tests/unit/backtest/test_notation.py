"""Numbers have the same digits wherever a user reads them."""

import pytest

from genepool.backtest.notation import DASH, change, held_for, probability, ratio, share


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1234, "+12.3%"),
        (0.0, "0.0%"),
        (-0.5, "-50.0%"),
        (1.5, "+150.0%"),
        (20.0, "+2,000%"),
        (999.4, "+99,940%"),
        (1_000.0, "1,001x"),
        (1e9, "1e+09x"),
        (-0.0001, "0.0%"),
        (None, DASH),
    ],
)
def test_returns_stay_short_however_large(value: float | None, written: str) -> None:
    assert change(value) == written


def test_ratios_lose_their_decimals_from_a_thousand_on() -> None:
    assert [ratio(value) for value in (999.99, 1_000.0, -2_500.4)] == ["999.99", "1,000", "-2,500"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.9499, "0.94"),
        (0.99999, "0.99"),
        (1.0, "1.00"),
        (0.29, "0.29"),
        (0.004, "under 0.01"),
        (0.0, "0.00"),
    ],
)
def test_a_probability_never_reads_as_more_than_it_is(value: float, written: str) -> None:
    assert probability(value) == written


def test_shares_lose_their_decimals_from_ten_times_on() -> None:
    assert [share(value, 2) for value in (0.01234, 9.99, 12.3, None)] == ["1.23%", "999.00%", "1,230%", DASH]


@pytest.mark.parametrize(
    ("hours", "written"),
    [(None, DASH), (0.0, "0.0 h"), (0.25, "15 min"), (1.0, "1.0 h"), (47.96, "48.0 h"), (60.0, "2.5 days")],
)
def test_time_held_is_written_in_the_unit_that_fits(hours: float | None, written: str) -> None:
    assert held_for(hours) == written
