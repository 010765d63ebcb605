"""Funding rates reach the candle that pays them, and no missing one is passed over."""

import numpy as np
import pytest

from genepool.errors import InvalidCandles
from genepool.market.funding import (
    FundingRates,
    funding_coverage,
    funding_period,
    join_funding,
    ordered_rates,
    without_jitter,
)

SECOND = 1_000_000_000
HOUR = 3_600 * SECOND
START = int(np.datetime64("2025-03-08T00:00", "ns").astype(np.int64))


def hours(*numbers: float) -> np.ndarray:
    return START + np.array([round(number * HOUR) for number in numbers], dtype=np.int64)


def rates(*numbers: float) -> FundingRates:
    return FundingRates(hours(*numbers), np.array([0.001 * (i + 1) for i in range(len(numbers))]))


def test_a_rate_belongs_to_the_candle_that_opens_at_its_stamp() -> None:
    column = join_funding(hours(7, 8, 9), "1h", rates(0, 8, 16))
    assert column.tolist() == [0, 0.002, 0]


def test_a_rate_between_opens_belongs_to_the_next_candle() -> None:
    assert join_funding(hours(7, 8, 9), "1h", rates(0, 7.5, 16)).tolist() == [0, 0.002, 0]


def test_the_first_candle_takes_the_timeframe_before_it() -> None:
    assert join_funding(hours(7, 8), "1h", rates(6, 6.5, 20)).tolist() == [0.002, 0]


def test_a_daily_candle_sums_its_rates() -> None:
    column = join_funding(hours(24, 48), "1d", rates(0, 8, 16, 24, 32, 40, 48))
    assert column.tolist() == [0.002 + 0.003 + 0.004, 0.005 + 0.006 + 0.007]


def test_rates_during_a_gap_are_paid_after_it() -> None:
    assert join_funding(hours(0, 1, 5), "1h", rates(1, 2, 3, 4, 5)).tolist() == [
        0,
        0.001,
        0.002 + 0.003 + 0.004 + 0.005,
    ]


@pytest.mark.parametrize("late", [0.0, 0.001, 1.056, 5.0, -0.2])
def test_jitter_is_taken_back_to_the_minute(late: float) -> None:
    stamps = hours(8) + round(late * SECOND)
    assert without_jitter(stamps).tolist() == hours(8).tolist()


def test_a_stamp_well_off_the_minute_stays() -> None:
    stamps = hours(8) + 6 * SECOND
    assert without_jitter(stamps).tolist() == stamps.tolist()


def test_jittered_rates_reach_the_hour_that_they_are_meant_for() -> None:
    stamps = hours(0, 8, 16) + np.array([16_000_000, 1_056_000_000, 0])
    funding = ordered_rates(stamps, np.array([0.1, 0.2, 0.3]), "rates.csv")
    assert join_funding(hours(7, 8, 9), "1h", funding).tolist() == [0, 0.2, 0]


@pytest.mark.parametrize(("every", "count"), [(1, 40), (4, 20), (8, 20)])
def test_the_period_is_the_commonest_spacing(every: int, count: int) -> None:
    stamps = np.delete(hours(*range(0, every * count, every)), [5, 9, 10])
    assert funding_period(stamps) == every * HOUR


def test_full_coverage_misses_nothing() -> None:
    coverage = funding_coverage(hours(*range(9, 40)), "1h", rates(*range(0, 56, 8)))
    assert (coverage.missing, coverage.longest_gap, coverage.used) == (0, 0, 3)


def test_holes_inside_the_span_are_counted() -> None:
    known = [hour for hour in range(100) if hour not in {20, 21, 22, 50}]
    coverage = funding_coverage(hours(*range(1, 99)), "1h", rates(*known))
    assert (coverage.missing, coverage.longest_gap) == (4, 3)
    assert coverage.gap_after == hours(19)[0]


def test_holes_outside_the_span_are_not_counted() -> None:
    known = [hour for hour in range(100) if hour not in {3, 4, 90}]
    coverage = funding_coverage(hours(*range(10, 80)), "1h", rates(*known))
    assert coverage.missing == 0


def test_a_hole_across_the_edge_counts_where_it_reaches_in() -> None:
    known = [hour for hour in range(60) if hour not in range(5, 13)]
    coverage = funding_coverage(hours(*range(10, 50)), "1h", rates(*known))
    assert coverage.missing == len([10, 11, 12])


def test_candles_before_the_first_and_after_the_last_rate_are_missing_theirs() -> None:
    coverage = funding_coverage(hours(*range(50)), "1h", rates(*range(10, 41)))
    assert coverage.missing == 10 + 9
    assert coverage.longest_gap == 10


def test_no_rate_in_the_span_is_seen() -> None:
    assert funding_coverage(hours(*range(100, 150)), "1h", rates(*range(40))).used == 0
    assert funding_coverage(hours(*range(10)), "1h", rates(*range(40, 60))).used == 0


def test_rates_are_put_in_order_and_twins_dropped() -> None:
    funding = ordered_rates(hours(2, 0, 1, 1), np.array([0.3, 0.1, 0.2, 0.2]), "rates.csv")
    assert funding.stamps.tolist() == hours(0, 1, 2).tolist()
    assert funding.rates.tolist() == [0.1, 0.2, 0.3]


def test_two_rates_for_one_time_are_refused() -> None:
    with pytest.raises(
        InvalidCandles, match=r"rates.csv has two different funding rates at 2025-03-08 01:00 UTC"
    ):
        ordered_rates(hours(0, 1, 1), np.array([0.1, 0.2, 0.3]), "rates.csv")


@pytest.mark.parametrize("rate", [np.nan, np.inf, 1.5, -2.0])
def test_a_rate_that_is_no_fraction_is_refused(rate: float) -> None:
    with pytest.raises(InvalidCandles, match="fractions of notional"):
        ordered_rates(hours(0, 1), np.array([0.1, rate]), "rates.csv")


def test_one_rate_tells_no_period() -> None:
    with pytest.raises(InvalidCandles, match="at least 2"):
        ordered_rates(hours(0), np.array([0.1]), "rates.csv")
