"""How bots move together, in quiet times and on the worst days, and which twin leaves."""

import numpy as np
import pytest

from genepool.portfolio.dependence import correlation_matrix, crises_if_normal, dependence, worst
from genepool.portfolio.twins import weaker_twins
from tests.fakes.bot_records import random_records

MATRIX = np.array([[1.0, 0.9, 0.2], [0.9, 1.0, 0.85], [0.2, 0.85, 1.0]])


def test_each_clock_that_fits_is_told_and_months_too_few_to_tell_are_not() -> None:
    found = dependence(random_records(3, bots=3, days=100))
    assert list(found.by_clock) == ["hour", "day", "week", "month"]
    assert found.by_clock["day"].periods == 100
    # By construction 0.004^2 of 0.004^2 + 0.006^2.
    assert found.by_clock["hour"].mean == pytest.approx(0.31, abs=0.02)
    assert found.by_clock["month"].mean is None


def test_a_bot_alone_has_no_correlation() -> None:
    found = dependence(random_records(3, bots=1, days=30))
    assert found.by_clock["day"].mean is None
    assert found.crises_if_normal is None


def test_a_bot_that_never_moved_is_like_nobody() -> None:
    moves = np.random.default_rng(0).normal(0, 0.01, (60, 2))
    moves[:, 1] = 0.0
    assert correlation_matrix(moves).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_bad_days_are_the_worst_tenth() -> None:
    moves = np.random.default_rng(0).permutation(np.arange(50.0))[:, None] * np.ones((1, 2))
    assert sorted(moves[worst(moves), 0].tolist()) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_normal_returns_show_the_crisis_that_picking_alone_makes() -> None:
    rng = np.random.default_rng(5)
    moves = rng.normal(size=(200_000, 3)) + 1.2 * rng.normal(size=(200_000, 1))
    shown = correlation_matrix(moves[worst(moves)])
    mean = (shown.sum() - 3) / 6
    assert crises_if_normal(moves) == pytest.approx(mean, abs=0.015)
    # It is far below the correlation of all days, which is no sign that the fleet is safer then.
    assert mean < (correlation_matrix(moves).sum() - 3) / 6 - 0.2


def test_the_weaker_of_two_twins_leaves() -> None:
    found = weaker_twins(MATRIX, ["a", "b", "c"], [(0.3,), (0.5,), (0.4,)], 0.8)
    assert [one.name for one in found] == ["c", "a"]
    assert found[1].reason == "twin of b, correlation 0.90 above 0.8, and the weaker"


def test_a_bot_stays_when_its_only_twin_has_left() -> None:
    found = weaker_twins(MATRIX, ["a", "b", "c"], [(0.5,), (0.3,), (0.4,)], 0.8)
    assert [one.name for one in found] == ["b"]


def test_a_tie_is_broken_by_name_whatever_the_order() -> None:
    order = [2, 0, 1]
    names = ["a", "b", "c"]
    turned = weaker_twins(MATRIX[np.ix_(order, order)], [names[k] for k in order], [(0.0,)] * 3, 0.8)
    assert turned == weaker_twins(MATRIX, names, [(0.0,)] * 3, 0.8)
