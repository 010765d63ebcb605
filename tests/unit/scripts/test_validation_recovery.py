"""The time to recover is read from samples as a person would read a chart."""

import pytest

from tests.chaos.stack.recovery import Sample, growth, recovery


def steady(
    begin: float, end: float, first: float = 0.0, actors: float = 2.0, retries: float = 0.0
) -> list[Sample]:
    """Return two samples a second in which ten evaluations a second are accepted."""
    count = int((end - begin) * 2)
    return [Sample(begin + k / 2, first + 5 * k, retries, actors) for k in range(count)]


def silent(begin: float, end: float, evaluations: float | None, actors: float = 2.0) -> list[Sample]:
    count = int((end - begin) * 2)
    return [Sample(begin + k / 2, evaluations, 0.0, actors) for k in range(count)]


def test_a_fault_that_nobody_feels_costs_nothing() -> None:
    felt = recovery(steady(0, 20), 10.1, 19)
    assert (felt.noticed, felt.rerun) == (None, None)
    assert felt.longest_gap <= 0.5
    assert felt.full_strength == pytest.approx(0.4)


def test_a_killed_process_is_missed_replaced_and_back() -> None:
    samples = [*steady(0, 10), *steady(10, 13, 100, actors=1, retries=1), *steady(13, 20, 130, retries=1)]
    felt = recovery(samples, 9.8, 19)
    assert felt.noticed == pytest.approx(0.2)
    assert felt.rerun == pytest.approx(0.7)
    assert felt.full_strength == pytest.approx(3.2)
    assert felt.longest_gap <= 1.0


def test_a_gap_without_results_is_measured_from_the_fault() -> None:
    samples = [*steady(0, 10), *silent(10, 25, 95), *steady(25, 30, 100)]
    assert recovery(samples, 9.7, 29).longest_gap == pytest.approx(15.3)


def test_a_run_that_stops_for_good_has_a_gap_to_the_end() -> None:
    assert recovery([*steady(0, 10), *silent(10, 60, 95)], 9.7, 59).longest_gap == pytest.approx(49.3)


def test_what_comes_after_the_end_is_no_gap() -> None:
    assert recovery([*steady(0, 20), *silent(20, 90, 195)], 10.2, 19.5).longest_gap <= 0.5


def test_a_coordinator_that_restarts_counts_from_zero() -> None:
    samples = [*steady(0, 10), *silent(10, 16, None, 0), *silent(16, 18, 0.0, 0), *steady(18, 25, 5)]
    felt = recovery(samples, 9.9, 24)
    assert felt.noticed == pytest.approx(0.1)
    assert felt.rerun == pytest.approx(8.1)
    assert felt.full_strength == pytest.approx(8.1)


def test_a_node_that_never_returns_has_no_full_strength() -> None:
    assert recovery([*steady(0, 10), *steady(10, 20, 100, actors=1)], 9.9, 19).full_strength is None


def test_without_a_sample_from_before_there_is_no_figure() -> None:
    with pytest.raises(ValueError, match="no sample from before the fault"):
        recovery(steady(10, 20), 5.0, 19)


def test_growth_is_counted_between_two_instants() -> None:
    assert growth(steady(0, 20), 2, 12) == 100


def test_growth_is_counted_over_a_moment_without_an_answer() -> None:
    assert growth([*steady(0, 10), *silent(10, 12, None), *steady(12, 20, 100)], 0, 20) == 175


def test_nobody_knows_what_a_process_counted_that_was_replaced() -> None:
    assert growth([*steady(0, 10), *silent(10, 12, None), *steady(12, 15)], 0, 20) is None
