"""What luck would have shown, and what is said of a champion."""

import math
from dataclasses import replace

import pytest

from genepool.market.measures import Measures
from genepool.robustness.luck import Evidence, Standing, luck_curve, standing, verdict, weigh
from genepool.robustness.sharpe_statistics import expected_best_sharpe

LUCKY = Evidence(
    sharpe=1.3,
    total_return=0.2,
    deflated_probability=0.2,
    expected_best=2.1,
    trials=1_240,
    years=20.0,
    hold_sharpe=0.8,
    hold_return=0.1,
)


def measures(**given: float) -> Measures:
    names = Measures.__dataclass_fields__
    return Measures(**(dict.fromkeys(names, 0.0) | {"kurtosis": 3.0} | given))


def test_the_curve_rises_with_the_best_and_with_what_noise_would_show() -> None:
    curve = luck_curve([None, 0.5, -1.0, 2.0, None, 1.0], years=4.0)
    assert [point.best for point in curve] == [None, 0.5, 0.5, 2.0, 2.0, 2.0]
    assert [point.evaluations for point in curve] == [1, 2, 3, 4, 5, 6]
    assert curve[-1].expected_best == expected_best_sharpe(6, 1.0) / 2
    bars = [point.expected_best for point in curve]
    assert bars == sorted(bars)


def test_a_long_search_is_drawn_with_few_points_and_the_last_is_among_them() -> None:
    curve = luck_curve([float(k) for k in range(1_003)], years=1.0, points=10)
    assert len(curve) == 10
    assert curve[-1].evaluations == 1_003
    assert curve[-1].best == 1_002.0


def test_no_trials_make_no_curve() -> None:
    assert luck_curve([], years=1.0) == ()


def test_a_champion_below_the_best_of_noise_is_called_luck() -> None:
    assert verdict(LUCKY) == (
        "Not distinguishable from luck: after 1,240 trials the best of pure noise is expected to show a "
        "Sharpe of 2.1; this champion's walk-forward Sharpe is 1.3."
    )


def test_too_short_a_history_is_named() -> None:
    short = replace(LUCKY, years=0.4)
    assert verdict(short).endswith(
        "Sharpe is 1.3, and a Sharpe of 1 would take 11 years of data to mean anything, not 0.4."
    )


def test_a_champion_just_above_the_best_of_noise_is_still_called_luck() -> None:
    close = replace(LUCKY, sharpe=2.4, deflated_probability=0.7)
    assert standing(close) is Standing.LUCK
    assert "is 2.4, too little above it for 20.0 years of data." in verdict(close)


def test_a_champion_that_loses_out_of_sample_did_not_hold_up() -> None:
    lost = replace(LUCKY, sharpe=-0.4, total_return=-0.031)
    assert verdict(lost) == (
        "It did not hold up: the best of 1,240 trials in sample has a walk-forward Sharpe of -0.4, "
        "and it lost 3.1%."
    )


def test_a_champion_that_holding_beats_is_not_praised() -> None:
    idle = replace(LUCKY, sharpe=3.4, deflated_probability=0.97, hold_sharpe=3.6)
    assert standing(idle) is Standing.IDLE
    assert verdict(idle).endswith("but buying and holding had 3.6.")


def test_a_champion_that_stands_is_told_what_is_still_missing() -> None:
    stands = replace(LUCKY, sharpe=3.4, deflated_probability=0.97)
    assert standing(stands) is Standing.STANDS
    assert verdict(stands).endswith(
        "and the 0.8 of holding; only candles that no choice has seen can settle it."
    )


def test_a_champion_that_earned_less_than_holding_is_told_so() -> None:
    calmer = replace(LUCKY, sharpe=3.4, deflated_probability=0.97, hold_return=0.5)
    assert ", though it made 20.0% where holding made +50.0%;" in verdict(calmer)


@pytest.mark.parametrize("sharpe", [-1.0, 0.0, 1.0, 2.5, 3.4])
def test_every_verdict_is_one_sentence(sharpe: float) -> None:
    for probability in (0.1, 0.99):
        text = verdict(replace(LUCKY, sharpe=sharpe, deflated_probability=probability))
        assert text.endswith(".")
        assert ". " not in text


def test_evidence_is_gathered_on_the_walk_forward_span() -> None:
    champion = measures(sharpe=2.0, total_return=0.3, candles=4_380.0)
    hold = measures(sharpe=1.0, total_return=0.1)
    found = weigh(champion, hold, trials=100, candles_per_year=8_760.0)
    assert found.years == 0.5
    assert found.expected_best == pytest.approx(2.531 * math.sqrt(2), abs=1e-3)
    assert 0.0 < found.deflated_probability < 0.5
    more = weigh(champion, hold, 10_000, 8_760.0)
    assert more.expected_best == pytest.approx(3.861 * math.sqrt(2), abs=1e-3)
    assert more.deflated_probability < found.deflated_probability


def test_a_span_without_candles_proves_nothing() -> None:
    found = weigh(measures(sharpe=2.0), measures(), trials=100, candles_per_year=8_760.0)
    assert found.deflated_probability == 0.0
    assert standing(found) is Standing.LUCK
