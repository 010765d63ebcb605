"""The pace of a kind of run is known once pairs of runs agree on it."""

import math

import numpy as np
import pytest

from tests.chaos.stack.pace import FEWEST_PAIRS, LARGEST_ERROR, Run, error, pace, settled

USUAL = Run(seconds=10, worked=18)


def slower(share: float, machine: float = 1.0) -> Run:
    """Return a run of the same work that waits, on a machine that is slower by a factor."""
    return Run(machine * USUAL.seconds / share, machine * USUAL.worked)


def test_pace_is_the_share_of_the_time_that_the_others_take() -> None:
    assert pace([(USUAL, slower(0.95))]) == pytest.approx(0.95)


def test_a_machine_that_slows_down_between_the_runs_of_a_pair_changes_nothing() -> None:
    pairs = [(USUAL, slower(0.9, machine=1.4)), (slower(1, machine=2), slower(0.9))]
    assert pace(pairs) == pytest.approx(0.9)


def test_what_disturbs_either_kind_alike_cancels() -> None:
    assert pace([(USUAL, slower(0.5)), (slower(0.5), USUAL)]) == pytest.approx(1)


def test_one_pair_does_not_know_its_error() -> None:
    assert error([(USUAL, USUAL)]) is None
    assert not settled([(USUAL, USUAL)])


def test_error_falls_with_the_root_of_the_number_of_pairs() -> None:
    mixed = [(USUAL, USUAL), (USUAL, slower(0.9))]
    few = error(mixed * 8)
    assert few is not None
    assert error(mixed * 32) == pytest.approx(few / 2, rel=0.05)


def test_pairs_that_agree_settle_early_whatever_they_say() -> None:
    assert settled([(USUAL, slower(0.5))] * FEWEST_PAIRS)
    assert not settled([(USUAL, slower(0.5))] * (FEWEST_PAIRS - 1))


def test_pairs_that_scatter_do_not_settle() -> None:
    assert not settled([(USUAL, slower(0.8)), (slower(0.8), USUAL)] * FEWEST_PAIRS)


def test_a_settled_pace_is_seldom_further_off_than_its_error_says() -> None:
    chance = np.random.default_rng(1)

    def pair() -> tuple[Run, Run]:
        return USUAL, slower(math.exp(chance.normal(0, 0.02)), machine=math.exp(chance.normal(0, 0.2)))

    off = 0
    for _ in range(300):
        pairs = [pair() for _ in range(FEWEST_PAIRS)]
        while not settled(pairs):
            pairs.append(pair())
        off += abs(math.log(pace(pairs))) > 2.5 * LARGEST_ERROR
    assert off / 300 < 0.05
