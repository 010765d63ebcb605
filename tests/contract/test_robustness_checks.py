"""What every robustness check promises; a new file under robustness/checks is held to it."""

import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest

from genepool.robustness.checks import Answers, Check, CheckFinding, CheckOutcome, Subject, robustness_checks
from tests.fakes.examined import PROBLEM, answered, champion, with_returns
from tests.fakes.scorers import NOTHING

CHECKS = pytest.mark.parametrize("check", robustness_checks().values(), ids=lambda check: check.name)


FOLDS = sum(stop - start for start, stop in PROBLEM.folds)


def told_nothing(check: Check, subject: Subject) -> Answers:
    """Return the answers of a market on which all that is traded again has the subject's returns."""
    return replace(answered(check), results=[subject.played for _ in answered(check).results])


def is_whole(finding: CheckFinding) -> None:
    assert json.loads(json.dumps(asdict(finding), allow_nan=False))["outcome"] in set(CheckOutcome)
    assert finding.sentence.endswith(".")
    assert finding.sentence[0].isupper()
    assert "\n" not in finding.sentence


@CHECKS
def test_a_check_says_what_it_is(check: Check) -> None:
    assert robustness_checks()[check.name] is check
    assert check.question.endswith("?")
    assert check.blind.endswith(".")
    assert not check.source.endswith(".")
    assert not check.published or check.published.endswith(".")


@CHECKS
def test_a_champion_gets_a_whole_finding_twice_the_same(check: Check) -> None:
    finding = check.find(champion(), answered(check))
    is_whole(finding)
    assert check.find(champion(), answered(check)) == finding
    assert (finding.outcome is CheckOutcome.NOT_APPLICABLE) == (finding.threshold is None)


@CHECKS
def test_what_is_asked_for_is_the_same_twice(check: Check) -> None:
    ours, again = (check.variants(champion()) for _ in range(2))
    for one, other in zip(ours, again, strict=True):
        assert (one.genome, one.costs, one.delay) == (other.genome, other.costs, other.delay)
        assert (one.exposure is None) == (other.exposure is None)
        assert one.exposure is None or other.exposure is None or (one.exposure == other.exposure).all()


@CHECKS
def test_too_few_positions_tell_nothing(check: Check) -> None:
    finding = check.find(replace(champion(), bets=3.0), answered(check))
    is_whole(finding)
    if check.weighs_bets:
        assert finding.outcome is CheckOutcome.NOT_APPLICABLE
        assert finding.sentence.startswith("It took 3 positions")


@CHECKS
@pytest.mark.parametrize("count", [0, 1, FOLDS], ids=["none", "one", "flat"])
def test_returns_that_tell_nothing_raise_nothing(check: Check, count: int) -> None:
    subject = with_returns(np.zeros(count), np.zeros(count))
    finding = check.find(subject, told_nothing(check, subject))
    is_whole(finding)
    assert finding.outcome is CheckOutcome.NOT_APPLICABLE or not check.weighs_bets


@CHECKS
@pytest.mark.parametrize("sharpe", [-2.0, 0.0, 2.0])
def test_a_judge_bears_flat_returns_that_the_measures_deny(check: Check, sharpe: float) -> None:
    subject = with_returns(np.zeros(FOLDS), np.zeros(FOLDS))
    measures = replace(NOTHING, volatility=0.1, sharpe=sharpe, candles=float(FOLDS), kurtosis=3.0)
    subject = replace(subject, scored=replace(subject.scored, walk_forward=measures))
    is_whole(check.find(subject, told_nothing(check, subject)))


@CHECKS
def test_a_result_that_is_no_number_raises_nothing(check: Check) -> None:
    answers = answered(check)
    lost = Answers([None for _ in answers.results], answers.proposed)
    is_whole(check.find(champion(), lost))


@CHECKS
def test_figures_are_numbers(check: Check) -> None:
    finding = check.find(champion(), answered(check))
    for number in (finding.figure, finding.threshold):
        assert number is None or math.isfinite(number)
        assert check.writes(number)
