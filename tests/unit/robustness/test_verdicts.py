"""What is said of a champion: never more than is known."""

import re
from dataclasses import replace

import pytest

from genepool.robustness.luck import SHORTING, Evidence
from genepool.robustness.verdict_words import chosen_from, lasting
from genepool.robustness.verdicts import Standing, standing, verdict

LUCKY = Evidence(
    sharpe=1.3,
    total_return=0.2,
    deflated_probability=0.2,
    expected_best=2.1,
    trials=1_240,
    years=20.0,
    hold_sharpe=0.8,
    hold_return=0.1,
    trades=56.0,
    trades_in_sample=80.0,
    genomes=620,
    sharpe_in_sample=2.9,
    return_in_sample=0.5,
)
# Of case "slide": one bet on a slide, in six pieces.
SLIDE = replace(
    LUCKY,
    sharpe=23.8,
    total_return=0.299,
    deflated_probability=1.0,
    expected_best=9.2,
    hold_sharpe=40.5,
    hold_return=0.771,
    holding=SHORTING,
    trades=6.0,
)


def test_a_champion_below_the_best_of_noise_is_called_luck() -> None:
    assert verdict(LUCKY) == (
        "Not distinguishable from luck: after 1,240 trials the best of pure noise is expected to show a "
        "Sharpe of 2.10; this champion's walk-forward Sharpe is 1.30 over 56 trades."
    )


def test_too_short_a_history_is_named() -> None:
    short = replace(LUCKY, years=0.4)
    assert verdict(short).endswith(
        "56 trades, and a Sharpe of 1 would take 11.0 years of data to mean anything, not 5 months."
    )


def test_a_champion_just_above_the_best_of_noise_is_still_called_luck() -> None:
    close = replace(LUCKY, sharpe=2.4, deflated_probability=0.7)
    assert standing(close) is Standing.LUCK
    assert "is 2.40 over 56 trades, too little above it for 20.0 years of data." in verdict(close)


def test_a_champion_that_loses_out_of_sample_did_not_hold_up() -> None:
    lost = replace(LUCKY, sharpe=-0.4, total_return=-0.031)
    assert verdict(lost) == (
        "It did not hold up: the champion, first of this run's 620 genomes by the worse of in-sample and "
        "walk-forward score, has a walk-forward Sharpe of -0.40 over 56 trades, and it lost 3.1%."
    )


def test_a_champion_that_holding_beats_is_not_praised() -> None:
    idle = replace(LUCKY, sharpe=3.4, deflated_probability=0.97, hold_sharpe=3.6)
    assert standing(idle) is Standing.IDLE
    assert verdict(idle).endswith("but buying and holding inside the same folds had 3.60 (+10.0%).")


def test_a_champion_that_stands_is_told_what_is_still_missing() -> None:
    stands = replace(LUCKY, sharpe=3.4, deflated_probability=0.97)
    assert standing(stands) is Standing.STANDS
    assert verdict(stands).endswith(
        "and the 0.80 of buying and holding inside the same folds; only candles that no choice has seen can "
        "settle it."
    )


def test_a_champion_that_earned_less_than_holding_is_told_so() -> None:
    calmer = replace(LUCKY, sharpe=3.4, deflated_probability=0.97, hold_return=0.5)
    assert ", though it made 20.0% where that made +50.0%;" in verdict(calmer)


@pytest.mark.parametrize("sharpe", [-1.0, 0.0, 1.0, 2.5, 3.4])
def test_every_verdict_is_one_sentence(sharpe: float) -> None:
    for probability in (0.1, 0.99):
        text = verdict(replace(LUCKY, sharpe=sharpe, deflated_probability=probability))
        assert text.endswith(".")
        assert ". " not in text


def test_case_7_slide_one_short_bet_is_no_better_than_being_short_all_the_time() -> None:
    assert verdict(SLIDE) == (
        "No better than holding: its walk-forward Sharpe is 23.80 over 6 trades (+29.9%), but shorting and "
        "holding inside the same folds had 40.50 (+77.1%)."
    )


@pytest.mark.parametrize("trades", [1.0, 6.0, 19.0])
def test_few_trades_are_never_hard_to_explain_by_luck(trades: float) -> None:
    few = replace(SLIDE, trades=trades, hold_sharpe=0.4)
    assert standing(few) is Standing.FEW_TRADES
    assert f"comes from {trades:.0f} trade" in verdict(few)
    assert "fewer than 20" in verdict(few)
    assert standing(replace(few, trades=20.0)) is Standing.STANDS


def test_one_position_in_many_folds_is_one_bet() -> None:
    cut = replace(SLIDE, trades=32.0, bets=1.0, hold_sharpe=0.4)
    assert standing(cut) is Standing.FEW_TRADES
    assert "comes from 32 trades, parts of 1 position that the folds' edges cut, and fewer" in verdict(cut)
    assert standing(replace(cut, bets=20.0)) is Standing.STANDS


def test_few_trades_that_would_be_called_luck_are_called_few() -> None:
    assert standing(replace(LUCKY, trades=19.0)) is Standing.FEW_TRADES


def test_a_champion_that_loses_on_the_candles_it_was_bred_on_has_a_verdict_of_its_own() -> None:
    loser = replace(LUCKY, sharpe_in_sample=-0.34, return_in_sample=-0.031, total_return=0.012)
    assert verdict(loser) == (
        "It made nothing on the candles it was bred on: the champion, first of this run's 620 genomes by the "
        "worse of in-sample and walk-forward score, lost 3.1% there over 80 trades and made 1.2% inside the "
        "folds, and no genome scored above 0 on both."
    )
    assert standing(replace(loser, sharpe=-2.0)) is Standing.LOST_IN_SAMPLE
    assert standing(replace(loser, trades=0.0)) is Standing.NEVER_TRADED
    assert standing(replace(loser, sharpe_in_sample=0.01)) is Standing.LUCK


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sharpe": -9.0, "total_return": -0.031}, "lost 3.1% inside the folds over 56 trades."),
        (
            {"deflated_probability": 0.41},
            "is more than the best of pure noise with a probability of 0.41 where 0.95 is asked, and a year",
        ),
        (
            {"deflated_probability": 0.99, "hold_sharpe": 9.9},
            "is not more for its risk than the +10.0% of buying and holding there.",
        ),
        ({"trades": 6.0}, "+20.0% inside the folds, comes from 6 trades, and fewer than 20 are"),
        ({"deflated_probability": 0.99}, "is more for its risk than the best expected of 1,240 trials"),
    ],
)
def test_a_verdict_on_folds_too_short_for_a_year_names_no_sharpe(
    changes: dict[str, float], told: str
) -> None:
    text = verdict(replace(LUCKY, years=0.08, **changes))  # type: ignore[arg-type] # numbers only
    assert told in text
    assert "Sharpe" not in text
    assert verdict(replace(LUCKY, years=0.25, **changes)).count("Sharpe") > 0  # type: ignore[arg-type] # as above


def test_case_11_a_champion_that_never_trades_has_a_verdict_of_its_own() -> None:
    idle = replace(LUCKY, sharpe=0.0, total_return=0.0, trades=0.0, trades_in_sample=0.0, genomes=90)
    assert verdict(idle) == (
        "No genome that traded did better than doing nothing: the champion, first of this run's 90 genomes "
        "by the worse of in-sample and walk-forward score, never opened a position."
    )


def test_a_champion_that_trades_in_sample_only_is_told_so() -> None:
    tired = replace(LUCKY, sharpe=0.0, trades=0.0, trades_in_sample=1.0)
    assert standing(tired) is Standing.NEVER_TRADED
    assert verdict(tired).endswith("made 1 trade in sample and none in the folds.")


@pytest.mark.parametrize(
    ("years", "told"),
    [
        (11.0, "11.0 years"),
        (0.9, "11 months"),
        (0.1, "36 days"),
        (0.02, "7 days"),
        (0.003, "26 hours"),
        (0.0003, "3 hours"),
    ],
)
def test_a_span_is_told_in_a_unit_that_fits_it(years: float, told: str) -> None:
    assert lasting(years) == told


@pytest.mark.parametrize("years", [2.0, 0.4, 0.04, 0.004, 0.0004])
@pytest.mark.parametrize("sharpe", [1.3, 2.4])
def test_short_data_never_read_not_0_years(years: float, sharpe: float) -> None:
    assert not re.search(r"\b0\.0+ (years|months|days)", verdict(replace(LUCKY, years=years, sharpe=sharpe)))


def test_a_run_of_one_genome_is_told_in_the_singular() -> None:
    assert chosen_from(1).startswith("first of this run's 1 genome by")
