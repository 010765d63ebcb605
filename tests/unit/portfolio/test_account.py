"""One account for all bots: equity, margin, and the venue that closes it."""

import numpy as np
import pytest

from genepool.portfolio.account import joint_periods
from genepool.portfolio.alignment import joined_returns
from tests.fakes.bot_records import random_records, record

HALF = np.array([0.5, 0.5])


def test_without_intervention_a_period_earns_the_weighted_returns() -> None:
    records = random_records(1, bots=2, days=40)
    joined = joined_returns(records, "day")
    found = joint_periods(records, HALF, joined)
    assert found.returns == pytest.approx(joined.returns @ HALF)
    assert found.kept is not found.returns
    assert not found.closed.any()


def test_a_whole_share_of_one_bot_is_that_bot() -> None:
    records = random_records(2, bots=2, days=30)
    joined = joined_returns(records, "day")
    found = joint_periods(records, np.array([1.0, 0.0]), joined)
    assert np.prod(1 + found.kept) == pytest.approx(records[0].stretches[0].equity[-1])


def test_lows_are_those_inside_the_day() -> None:
    moves = np.zeros(24)
    moves[3], moves[10] = -0.1, 1 / 0.9 - 1
    records = [record("a", moves)]
    found = joint_periods(records, np.ones(1), joined_returns(records, "day"))
    assert found.returns == pytest.approx([0.0])
    assert found.lows == pytest.approx([-0.1])


def test_margin_and_exposure_are_shares_of_the_account() -> None:
    records = [
        record(name, np.zeros(24), exposure=side, margin=0.1) for name, side in (("a", 1.0), ("b", -0.5))
    ]
    found = joint_periods(records, HALF, joined_returns(records, "day"))
    # What one bot sells is not set against what the other one holds.
    assert found.exposures == pytest.approx([0.75])
    assert found.margins == pytest.approx([0.075])


def test_the_venue_closes_the_account_and_what_comes_later_does_not_happen() -> None:
    moves = np.zeros(72)
    moves[30], moves[40] = -0.3, 5.0
    records = [record("a", moves, exposure=1.0)]
    joined = joined_returns(records, "day")
    found = joint_periods(records, np.array([3.0]), joined)
    # 1 - 3 x 0.3 = 0.1 is left, above a margin of 3 x 0.7 x 0.0125.
    assert not found.closed.any()
    found = joint_periods(records, np.array([3.3]), joined)
    assert found.closed.tolist() == [False, True, False]
    assert found.returns[1] == pytest.approx(-0.99)
    assert found.kept.tolist() == pytest.approx([0.0, -0.99, 0.0])


def test_an_account_owes_nothing_to_the_venue() -> None:
    moves = np.zeros(24)
    moves[5] = -0.5
    records = [record("a", moves)]
    found = joint_periods(records, np.array([4.0]), joined_returns(records, "day"))
    assert (found.returns[0], found.lows[0]) == (-1.0, -1.0)
