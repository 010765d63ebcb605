import numpy as np

from genepool.indicators.hysteresis import hold


def sides(score: list[float], entry: float, leave: float) -> list[float]:
    return list(hold(np.array(score), entry, leave))


def test_a_side_is_held_until_the_score_has_gone_back() -> None:
    assert sides([0, 1.1, 0.6, 0.5, 0.4, 0.9], 1, 0.5) == [0, 1, 1, 1, 0, 0]


def test_shorts_mirror_longs() -> None:
    score = np.random.default_rng(1).normal(size=500)
    assert (hold(-score, 1, 0.25) == -hold(score, 1, 0.25)).all()


def test_a_score_beyond_the_other_entry_turns_at_once() -> None:
    assert sides([2, -2, 2], 1, 0.5) == [1, -1, 1]


def test_a_score_of_nothing_opens_nothing_even_without_a_threshold() -> None:
    assert sides([0, 0, 0.1, 0, -0.1], 0, 0) == [0, 0, 1, 1, -1]


def test_leaving_at_zero_waits_for_the_other_side() -> None:
    assert sides([2, 0.1, 0, -0.1], 1, 0) == [1, 1, 1, 0]
