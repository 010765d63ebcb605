"""The published numbers, recomputed."""

import math

import pytest

from genepool.robustness.sharpe_statistics import (
    deflated_sharpe,
    expected_best_sharpe,
    minimum_backtest_length,
    probabilistic_sharpe,
)


def test_the_probabilistic_sharpe_agrees_with_the_paper() -> None:
    sharpe = 0.036 / 0.079
    assert probabilistic_sharpe(sharpe, 0.0, 24) == pytest.approx(0.981, abs=5e-4)
    assert probabilistic_sharpe(sharpe, 0.0, 24, -2.448, 10.164) == pytest.approx(0.913, abs=5e-4)
    assert probabilistic_sharpe(0.458, 0.0, 24) == pytest.approx(0.982, abs=5e-4)


@pytest.mark.parametrize(
    ("trials", "expected"), [(10, 1.575), (45, 2.236), (100, 2.531), (1_000, 3.255), (10_000, 3.861)]
)
def test_the_expected_best_of_noise_agrees_with_the_paper(trials: int, expected: float) -> None:
    assert expected_best_sharpe(trials, 1.0) == pytest.approx(expected, abs=5e-4)
    assert expected_best_sharpe(trials, 0.25) == pytest.approx(expected / 2, abs=5e-4)


@pytest.mark.parametrize("trials", [0, 1])
def test_without_a_choice_luck_has_no_advantage(trials: int) -> None:
    assert expected_best_sharpe(trials, 1.0) == 0.0


@pytest.mark.parametrize(("trials", "years"), [(45, 4.998), (7, 1.92), (1_000, 10.6), (10_000, 14.9)])
def test_the_minimum_backtest_length_agrees_with_the_paper(trials: int, years: float) -> None:
    assert minimum_backtest_length(trials) == pytest.approx(years, rel=2e-3)
    assert minimum_backtest_length(trials) < 2 * math.log(trials)
    assert minimum_backtest_length(trials, 2.0) == pytest.approx(years / 4, rel=2e-3)


@pytest.mark.parametrize(
    ("trials", "skew", "kurtosis", "probability"),
    [(100, -3.0, 10.0, 0.9004), (46, -3.0, 10.0, 0.9505), (88, 0.0, 3.0, 0.9505)],
)
def test_the_deflated_sharpe_agrees_with_the_paper(
    trials: int, skew: float, kurtosis: float, probability: float
) -> None:
    sharpe = 2.5 / math.sqrt(250)
    found = deflated_sharpe(sharpe, 1_250, trials, 0.5 / 250, skew, kurtosis)
    assert found == pytest.approx(probability, abs=5e-5)


def test_the_paper_s_bar_for_a_hundred_trials() -> None:
    assert expected_best_sharpe(100, 0.5 / 250) == pytest.approx(0.1132, abs=5e-5)


def test_trials_that_lie_closer_together_than_luck_do_not_lower_the_bar() -> None:
    assert deflated_sharpe(0.1, 1_000, 50, 1e-9) == deflated_sharpe(0.1, 1_000, 50, 1 / 1_000)


def test_one_trial_is_the_probabilistic_sharpe() -> None:
    assert deflated_sharpe(0.05, 500, 1) == probabilistic_sharpe(0.05, 0.0, 500)


def test_a_record_of_one_return_proves_nothing() -> None:
    assert deflated_sharpe(3.0, 1, 10) == probabilistic_sharpe(3.0, 0.0, 1) == 0.0


def test_more_trials_make_every_champion_less_likely() -> None:
    found = [deflated_sharpe(0.1, 1_000, trials) for trials in (1, 10, 100, 1_000, 100_000)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.99
    assert found[-1] < 0.5


def test_moments_that_no_returns_have_are_refused() -> None:
    with pytest.raises(ValueError, match="no returns have a skew of 5"):
        probabilistic_sharpe(1.0, 0.0, 100, skew=5.0, kurtosis=3.0)
