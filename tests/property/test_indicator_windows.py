"""Rolling kernels against the plainest possible reference, on anything hypothesis thinks of."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genepool.indicators.channels import rolling_extreme
from genepool.indicators.funding import rate_over_time
from genepool.indicators.moving_averages import exponential_mean, rolling_mean, wilder_mean
from genepool.indicators.volatility import rolling_deviation
from genepool.indicators.volume import weighted_mean
from genepool.market.candles import FloatArray

CHECK = settings(derandomize=True, deadline=None, max_examples=150)
PRICES = arrays(
    np.float64, st.integers(1, 80), elements=st.floats(1e-3, 1e6, allow_nan=False, allow_subnormal=False)
)
PERIOD = st.integers(1, 90)


def window(values: FloatArray, t: int, period: int) -> FloatArray:
    return values[max(t - period + 1, 0) : t + 1]


@CHECK
@given(PRICES, PERIOD)
def test_means(values: FloatArray, period: int) -> None:
    for t, mean in enumerate(rolling_mean(values, period)):
        seen = window(values, t, period)
        assert abs(mean - np.mean(seen)) <= 1e-13 * np.max(seen) * len(seen)


@CHECK
@given(PRICES, PERIOD)
def test_extremes_to_the_bit(values: FloatArray, period: int) -> None:
    tops, bottoms = rolling_extreme(values, period, 1.0), rolling_extreme(values, period, -1.0)
    for t in range(len(values)):
        assert tops[t] == window(values, t, period).max()
        assert bottoms[t] == window(values, t, period).min()


@CHECK
@given(PRICES, PERIOD)
def test_deviations(values: FloatArray, period: int) -> None:
    for t, spread in enumerate(rolling_deviation(values, period)):
        seen = window(values, t, period)
        expected = np.std(seen)
        # Both lose digits to the largest value of the window, and to nothing outside it.
        assert abs(spread - expected) <= 1e-9 * expected + 1e-12 * np.max(seen)


@CHECK
@given(PRICES, PERIOD, st.data())
def test_weighted_means_lie_between_the_values_that_have_weight(
    values: FloatArray, period: int, data: st.DataObject
) -> None:
    weights = data.draw(arrays(np.float64, len(values), elements=st.sampled_from([0.0, 1.0, 3.0, 1e4])))
    for t, mean in enumerate(weighted_mean(values, weights, period)):
        seen, mass = window(values, t, period), window(weights, t, period)
        if mass.sum() == 0.0:
            assert mean == values[t]
        else:
            assert abs(mean - np.average(seen, weights=mass)) <= 1e-11 * np.max(seen)


@CHECK
@given(PRICES, st.integers(1, 40), st.integers(-30, 30))
def test_another_unit_changes_no_bit(values: FloatArray, period: int, power: int) -> None:
    factor = 2.0**power
    for rolling in (rolling_mean, rolling_deviation, exponential_mean, wilder_mean):
        assert (rolling(values * factor, period) == rolling(values, period) * factor).all()


@CHECK
@given(PRICES, st.integers(1, 40), st.integers(1, 79))
def test_appended_values_change_no_bit_before_them(values: FloatArray, period: int, kept: int) -> None:
    for rolling in (rolling_mean, rolling_deviation, exponential_mean, wilder_mean):
        assert (rolling(values[:kept], period) == rolling(values, period)[:kept]).all()
    stamps = np.arange(len(values)) * 1_000
    early = rate_over_time(values[:kept], stamps[:kept], period, 1e9)
    assert (early == rate_over_time(values, stamps, period, 1e9)[:kept]).all()
    tops = rolling_extreme(values, period, 1.0)
    assert (rolling_extreme(values[:kept], period, 1.0) == tops[:kept]).all()


@CHECK
@given(PRICES, st.integers(1, 40))
def test_averages_stay_between_the_lowest_and_the_highest_value(values: FloatArray, period: int) -> None:
    slack = 1e-12 * values.max()
    for average in (rolling_mean(values, period), exponential_mean(values, period)):
        assert average.min() >= values.min() - slack
        assert average.max() <= values.max() + slack
