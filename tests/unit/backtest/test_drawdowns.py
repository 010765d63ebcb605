"""Drawdowns with their dates, on curves of a few candles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.backtest.drawdowns import Drawdown, worst_drawdowns

HOUR = 3_600_000_000_000


def drawdowns(*equity: float, count: int = 5) -> tuple[Drawdown, ...]:
    return worst_drawdowns(np.arange(len(equity)) * HOUR, np.array(equity), count)


def test_a_drawdown_runs_from_its_peak_over_its_trough_to_where_it_is_made_good() -> None:
    (one,) = drawdowns(1.0, 2.0, 1.5, 1.0, 1.8, 2.0, 2.5)
    assert one == Drawdown(0.5, 1 * HOUR, 3 * HOUR, 5 * HOUR, 3)


def test_one_that_was_never_made_good_says_so() -> None:
    (one,) = drawdowns(1.0, 1.2, 0.9)
    assert one.recovered is None
    assert (one.peak, one.trough, one.candles) == (HOUR, 2 * HOUR, 1)


def test_the_opening_equity_is_a_peak_too() -> None:
    (one,) = drawdowns(0.8, 0.9, 1.0)
    assert one.depth == pytest.approx(0.2)
    assert (one.peak, one.trough, one.recovered) == (0, 0, 2 * HOUR)


def test_the_deepest_come_first_and_no_more_than_asked() -> None:
    curve = (1.0, 0.9, 1.0, 0.5, 1.0, 0.8, 1.0)
    assert [round(one.depth, 9) for one in drawdowns(*curve, count=2)] == [0.5, 0.2]


def test_of_equal_ones_the_earlier_comes_first() -> None:
    assert [one.trough for one in drawdowns(1.0, 0.5, 1.0, 0.5, 1.0)] == [HOUR, 3 * HOUR]


def test_a_curve_that_only_rises_has_none() -> None:
    assert drawdowns(1.0, 1.1, 1.1, 1.2) == ()


@settings(derandomize=True, max_examples=50)
@given(steps=st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=40))
def test_they_do_not_overlap_and_the_first_is_the_deepest_there_is(steps: list[float]) -> None:
    equity = np.cumprod(1 + np.array(steps))
    found = drawdowns(*equity.tolist(), count=100)
    peaks = np.maximum(np.maximum.accumulate(equity), 1.0)
    assert sum(one.candles for one in found) == int((equity < peaks).sum())
    assert max((one.depth for one in found), default=0.0) == float(((peaks - equity) / peaks).max())
    in_time = sorted(found, key=lambda one: one.trough)
    ends = [one.recovered for one in in_time[:-1]]
    assert all(end is not None and end <= after.trough for end, after in zip(ends, in_time[1:], strict=True))
