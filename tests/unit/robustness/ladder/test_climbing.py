"""How far a champion climbs: every rung in every state, and which of them count."""

from dataclasses import replace

import pytest

from genepool.objectives import MINIMUM_TRADES
from genepool.robustness.checks import CheckFinding, CheckOutcome
from genepool.robustness.ladder import (
    Commands,
    ExamOutcome,
    Ladder,
    NullStanding,
    Rung,
    RungState,
    StabilityFindings,
    climb,
)
from genepool.robustness.luck import SHORTING, Evidence

SKILLED = Evidence(
    sharpe=3.4,
    total_return=0.8,
    deflated_probability=0.97,
    expected_best=2.1,
    trials=1_240,
    years=2.0,
    hold_sharpe=0.8,
    hold_return=0.1,
    trades=56.0,
    trades_in_sample=80.0,
    genomes=620,
    sharpe_in_sample=2.9,
    return_in_sample=0.5,
)
LUCKY = replace(SKILLED, sharpe=1.3, deflated_probability=0.2)
RARE = NullStanding(count=19, reached=0, p_value=0.05, p_corrected=0.05, smallest_p=0.05)
OFTEN = NullStanding(count=19, reached=3, p_value=0.2, p_corrected=0.2, smallest_p=0.05)
FEW = NullStanding(count=9, reached=0, p_value=0.1, p_corrected=0.1, smallest_p=0.1)
BEARS = CheckFinding(1.0, 0.0, CheckOutcome.PASS, "It bears it.")
BREAKS = CheckFinding(-1.0, 0.0, CheckOutcome.FAIL, "It loses at doubled costs.")
SILENT = CheckFinding(
    None, None, CheckOutcome.NOT_APPLICABLE, "Its strategy has fewer than two genes to move."
)
UNMADE = replace(SILENT, sentence="Nobody evaluated them.", made=False)
SOUND: StabilityFindings = [("neighbourhood", BEARS), ("cost_stress", BEARS), ("one_candle_late", BEARS)]
PASSED = ExamOutcome(passed=True, attempt=1, low=0.4, high=3.9)
COMMANDS = Commands("happy owl", "gp")


def states(ladder: Ladder) -> list[str]:
    return [one.state.value for one in ladder.rungs]


def said(ladder: Ladder, rung: Rung) -> str:
    return ladder.rungs[rung.height - 1].sentence


def test_a_champion_that_passes_all_five_is_probably_an_edge_and_no_more() -> None:
    ladder = climb(SKILLED, RARE, SOUND, PASSED)
    assert states(ladder) == ["passed"] * 5
    assert (ladder.reached, ladder.height, ladder.needed) == (Rung.EXAMINED, 5, None)
    assert ladder.sentence == (
        "Probably an edge: chance alone rarely finds as much (p = 0.05), it is stable, and it passed the "
        "sealed exam."
    )


def test_a_run_without_a_champion_stands_before_the_ladder() -> None:
    ladder = climb(None, RARE, SOUND, PASSED)
    assert states(ladder) == ["failed", *["not asked"] * 4]
    assert (ladder.reached, ladder.height) == (None, 0)
    assert ladder.sentence == "No edge found: no genome was scored on both spans."


def test_few_positions_stop_the_climb_whatever_else_is_passed() -> None:
    ladder = climb(replace(SKILLED, trades=MINIMUM_TRADES - 1), RARE, SOUND, PASSED)
    assert states(ladder) == ["failed", *["passed"] * 4]
    assert ladder.reached is None
    assert said(ladder, Rung.TRADED).startswith("It took 19 positions inside the folds, and fewer than 20 ")


def test_one_position_cut_by_many_folds_is_one_bet() -> None:
    ladder = climb(replace(SKILLED, trades=36.0, bets=1.0))
    assert said(ladder, Rung.TRADED).startswith("It took 1 position inside the folds, and fewer")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (
            {"sharpe_in_sample": -0.1, "return_in_sample": -0.02},
            "it lost 2.0% on the candles that it was bred on",
        ),
        ({"sharpe": -0.2, "total_return": -0.04}, "did not earn inside the folds: Sharpe -0.20 (-4.0%)"),
        # Its mean is above 0 and its variance eats more.
        ({"total_return": -0.01}, "did not earn inside the folds: Sharpe 3.40 (-1.0%)"),
        (
            {"hold_sharpe": 3.4, "holding": SHORTING},
            "Sharpe 3.40 (+10.0%) by shorting and holding",
        ),
    ],
)
def test_what_costs_eat_or_a_constant_side_beats_does_not_pay(changed: dict[str, float], why: str) -> None:
    ladder = climb(replace(SKILLED, **changed))  # type: ignore[arg-type]
    assert states(ladder)[:2] == ["passed", "failed"]
    assert ladder.reached is Rung.TRADED
    assert why in said(ladder, Rung.PAID)
    assert ladder.sentence.startswith("No edge found: the champion ")


def test_folds_too_short_for_a_year_are_told_without_a_ratio() -> None:
    assert "Sharpe" not in said(climb(replace(SKILLED, years=0.1)), Rung.PAID)


def test_deflation_alone_is_enough_to_survive() -> None:
    ladder = climb(SKILLED, OFTEN)
    assert ladder.reached is Rung.SURVIVED
    assert "it is more than the best expected of 1,240 trials of noise" in ladder.sentence


def test_null_evolution_alone_is_enough_to_survive_and_is_named_with_its_p() -> None:
    ladder = climb(LUCKY, RARE)
    assert ladder.reached is Rung.SURVIVED
    assert said(ladder, Rung.SURVIVED) == (
        "Deflated probability 0.20 after 1,240 trials (0.95 asked); p = 0.05 of 19 nulls (0.05 asked)."
    )


def test_a_corrected_p_decides() -> None:
    twice = replace(RARE, count=99, p_value=0.03, p_corrected=0.06, smallest_p=0.01, searches=2)
    ladder = climb(LUCKY, twice)
    assert states(ladder)[2] == "failed"
    assert "p = 0.06 of 99 nulls, corrected for 2 searches" in said(ladder, Rung.SURVIVED)


def test_chance_that_finds_as_much_is_no_edge() -> None:
    ladder = climb(LUCKY, OFTEN)
    assert states(ladder)[:3] == ["passed", "passed", "failed"]
    assert ladder.sentence == "No edge found: chance alone finds as much too often (p = 0.2)."


@pytest.mark.parametrize(
    ("nulls", "command"),
    [
        (None, "null evolution was not asked: `gp nulls 'happy owl' --count 19`"),
        (FEW, "9 nulls are too few to tell, `gp nulls 'happy owl' --count 19`"),
        # Holm multiplies by four searches: one of twenty is no longer rare.
        (
            replace(RARE, p_corrected=0.2, searches=4),
            "19 nulls are too few to tell, `gp nulls 'happy owl' --count 79`",
        ),
    ],
)
def test_null_evolution_that_says_nothing_is_not_a_failure(nulls: NullStanding | None, command: str) -> None:
    ladder = climb(LUCKY, nulls, commands=COMMANDS)
    assert states(ladder)[2] == "not asked"
    assert command in said(ladder, Rung.SURVIVED)
    assert ladder.sentence == (
        "No edge found yet: after 1,240 trials it cannot be told from luck, and null evolution was not asked."
    )


@pytest.mark.parametrize("name", ["neighbourhood", "cost_stress", "one_candle_late"])
def test_one_check_that_fails_makes_it_fragile(name: str) -> None:
    ladder = climb(SKILLED, RARE, [(one, BREAKS if one == name else found) for one, found in SOUND])
    assert states(ladder)[3] == "failed"
    assert ladder.reached is Rung.SURVIVED
    assert said(ladder, Rung.STABLE) == "It loses at doubled costs."
    assert ladder.sentence.startswith("Perhaps an edge, but a fragile one: ")


def test_a_check_that_does_not_apply_is_no_obstacle() -> None:
    ladder = climb(SKILLED, RARE, [("neighbourhood", SILENT), *SOUND[1:]])
    assert ladder.reached is Rung.STABLE
    assert said(ladder, Rung.STABLE) == (
        "It passed the checks cost_stress and one_candle_late; neighbourhood not applicable."
    )


def test_checks_that_all_do_not_apply_say_nothing() -> None:
    ladder = climb(SKILLED, RARE, [(name, SILENT) for name, _ in SOUND])
    assert states(ladder)[3] == "not asked"
    assert said(ladder, Rung.STABLE).startswith("No check applies to it: Its strategy")


@pytest.mark.parametrize(
    ("findings", "names"),
    [
        (None, "checks neighbourhood, cost_stress and one_candle_late were"),
        ([("neighbourhood", UNMADE), *SOUND[1:]], "check neighbourhood was"),
        (SOUND[:2], "check one_candle_late was"),
    ],
)
def test_a_check_that_was_not_made_is_named_with_its_command(
    findings: StabilityFindings | None, names: str
) -> None:
    ladder = climb(SKILLED, RARE, findings, commands=COMMANDS)
    assert states(ladder)[3] == "not asked"
    assert said(ladder, Rung.STABLE) == f"The {names} not made: `gp check 'happy owl'`."
    assert ladder.sentence.endswith("; whether it is stable was not asked.")


def test_a_check_that_fails_outweighs_one_that_was_not_made() -> None:
    ladder = climb(SKILLED, RARE, [("neighbourhood", UNMADE), ("cost_stress", BREAKS)])
    assert states(ladder)[3] == "failed"


def test_an_exam_that_was_not_taken_is_named_with_its_command() -> None:
    ladder = climb(SKILLED, RARE, SOUND, commands=COMMANDS)
    assert states(ladder)[4] == "not asked"
    assert said(ladder, Rung.EXAMINED) == "The sealed candles were not asked: `gp exam 'happy owl'`."
    assert ladder.sentence.startswith("Perhaps an edge: ")


def test_an_exam_that_was_not_passed_confirms_no_edge() -> None:
    ladder = climb(SKILLED, RARE, SOUND, replace(PASSED, passed=False, attempt=2, low=-1.5))
    assert (states(ladder)[4], ladder.reached) == ("failed", Rung.STABLE)
    assert said(ladder, Rung.EXAMINED) == (
        "It did not pass: annual Sharpe -1.50 to 3.90 on the sealed candles, attempt 2."
    )
    assert ladder.sentence.startswith("No edge confirmed: ")


def test_an_exam_that_could_not_be_measured_has_no_interval() -> None:
    exam = ExamOutcome(passed=False, attempt=1, low=None, high=None)
    assert said(climb(SKILLED, RARE, SOUND, exam), Rung.EXAMINED) == (
        "It did not pass: it earned nothing that could be measured on the sealed candles, attempt 1."
    )


def test_an_exam_above_a_failed_rung_is_told_and_does_not_count() -> None:
    ladder = climb(LUCKY, OFTEN, SOUND, PASSED)
    assert ladder.rungs[-1].state is RungState.PASSED
    assert ladder.reached is Rung.PAID


@pytest.mark.parametrize("evidence", [None, LUCKY, SKILLED, replace(SKILLED, trades=0.0)])
@pytest.mark.parametrize("nulls", [None, FEW, OFTEN, RARE])
@pytest.mark.parametrize("exam", [None, PASSED, replace(PASSED, passed=False)])
def test_nothing_is_ever_called_proven(
    evidence: Evidence | None, nulls: NullStanding | None, exam: ExamOutcome | None
) -> None:
    ladder = climb(evidence, nulls, SOUND, exam)
    told = [ladder.sentence, *(one.sentence for one in ladder.rungs)]
    assert not any("prove" in one or "proof" in one or "certain" in one for one in told)
    assert all(one.endswith(".") for one in told)
