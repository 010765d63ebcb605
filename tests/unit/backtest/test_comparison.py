"""One curve against another: the textbook's definitions on a few returns."""

import numpy as np
import pytest

from genepool.backtest.comparison import compare, returns_of
from genepool.market.candles import FloatArray

BENCHMARK = (0.10, -0.05, 0.02, 0.03)


def curve(*returns: float) -> FloatArray:
    return np.cumprod(1.0 + np.array(returns)).astype(np.float64)


def test_returns_run_from_the_opening_equity_and_stop_where_all_is_lost() -> None:
    assert returns_of(np.array([1.1, 0.55, 0.0, 0.0])) == pytest.approx([0.1, -0.5, -1.0, 0.0])


def test_twice_the_benchmark_has_a_beta_of_two_and_no_alpha() -> None:
    found = compare(curve(*(2 * r for r in BENCHMARK)), curve(*BENCHMARK), 100.0)
    assert found.beta == pytest.approx(2.0)
    assert found.correlation == pytest.approx(1.0)
    assert found.alpha == pytest.approx(0.0, abs=1e-12)


def test_what_is_added_to_every_return_is_alpha_a_year() -> None:
    found = compare(curve(*(r + 0.001 for r in BENCHMARK)), curve(*BENCHMARK), 100.0)
    assert found.alpha == pytest.approx(0.1)
    assert found.beta == pytest.approx(1.0)
    # The difference never varies: there is no error to divide by.
    assert (found.tracking_error, found.information_ratio) == (None, None)


def test_the_mirrored_benchmark_correlates_at_minus_one() -> None:
    found = compare(curve(*(-r for r in BENCHMARK)), curve(*BENCHMARK), 100.0)
    assert found.beta == pytest.approx(-1.0)
    assert found.correlation == pytest.approx(-1.0)


def test_the_information_ratio_is_the_sharpe_ratio_of_the_difference() -> None:
    # Differences 0.02, 0.00, 0.01, 0.01: mean 0.01, sample variance 0.0002 / 3.
    ours = tuple(a + b for a, b in zip(BENCHMARK, (0.02, 0.0, 0.01, 0.01), strict=True))
    found = compare(curve(*ours), curve(*BENCHMARK), 100.0)
    assert found.tracking_error == pytest.approx((0.0002 / 3 * 100) ** 0.5)
    assert found.information_ratio == pytest.approx(0.01 * 100 / (0.0002 / 3 * 100) ** 0.5)


def test_beta_and_correlation_are_those_of_numpy() -> None:
    rng = np.random.default_rng(3)
    ours, theirs = rng.normal(0, 0.01, 50), rng.normal(0, 0.01, 50)
    found = compare(curve(*ours), curve(*theirs), 100.0)
    assert found.correlation == pytest.approx(np.corrcoef(ours, theirs)[0, 1])
    assert found.beta == pytest.approx(np.cov(ours, theirs)[0, 1] / theirs.var(ddof=1))


def test_a_benchmark_that_rests_says_nothing_and_a_strategy_that_rests_has_a_beta_of_zero() -> None:
    resting, moving = curve(0.0, 0.0, 0.0, 0.0), curve(*BENCHMARK)
    found = compare(moving, resting, 100.0)
    assert (found.beta, found.alpha, found.correlation) == (None, None, None)
    found = compare(resting, moving, 100.0)
    assert (found.beta, found.alpha, found.correlation) == (0.0, 0.0, None)


def test_one_candle_says_nothing() -> None:
    found = compare(curve(0.1), curve(0.2), 100.0)
    assert (found.beta, found.information_ratio) == (None, None)
