"""Which candles each phase may see."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.backtest.problem import Problem
from genepool.errors import ConfigError, HistoryTooShort
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import PRESETS, SplitRule, newest_candles


def market(length: int) -> Candles:
    ones = np.ones(length)
    return Candles("TEST", "1h", np.arange(length) * 3_600 * 10**9, ones, ones, ones, ones)


def test_the_default_split_of_ten_thousand_candles() -> None:
    split = SplitRule().apply(10_000)
    assert split.visible == 8_000
    assert split.in_sample == (0, 4_800)
    assert split.folds == ((4_824, 5_576), (5_624, 6_376), (6_424, 7_176), (7_224, 8_000))


@given(
    length=st.integers(600, 50_000),
    holdout=st.floats(0, 0.5),
    in_sample=st.floats(0.3, 0.8),
    folds=st.integers(1, 8),
    gap=st.integers(0, 3),
)
@settings(derandomize=True, deadline=None)
def test_spans_are_in_order_apart_and_never_reach_the_holdout(
    length: int, holdout: float, in_sample: float, folds: int, gap: int
) -> None:
    split = SplitRule(holdout, in_sample, folds, purge=gap, embargo=gap).apply(length)
    edge = split.in_sample[1]
    for number, (start, stop) in enumerate(split.folds):
        assert start >= edge + gap + (gap if number else 0)
        assert stop > start
        edge = stop
    assert edge == split.visible <= length


def test_the_sealed_candles_are_not_in_the_problem() -> None:
    candles = market(1_000)
    problem = Problem.seal(candles, SplitRule(), CostModel(), "sharpe")
    assert len(problem.candles) == 800
    assert problem.candles.stamps[-1] == candles.stamps[799]


def test_the_problem_is_the_same_whatever_the_holdout_holds() -> None:
    long, short = market(1_000), market(1_250)
    sealed = [
        Problem.seal(long, SplitRule(holdout=0.2), CostModel(), "sharpe"),
        Problem.seal(short, SplitRule(holdout=0.36), CostModel(), "sharpe"),
    ]
    assert sealed[0].digest == sealed[1].digest


def test_whatever_a_score_depends_on_changes_the_problems_digest() -> None:
    base = Problem.seal(market(1_000), SplitRule(), CostModel(), "sharpe")
    others = [
        Problem.seal(market(1_001), SplitRule(), CostModel(), "sharpe"),
        Problem.seal(market(1_000), SplitRule(folds=3), CostModel(), "sharpe"),
        Problem.seal(market(1_000), SplitRule(), CostModel(taker_fee=0.001), "sharpe"),
        Problem.seal(market(1_000), SplitRule(), CostModel(), "calmar"),
    ]
    assert base.digest not in {other.digest for other in others}


def test_too_few_candles_for_the_folds_is_said_in_a_sentence() -> None:
    with pytest.raises(HistoryTooShort, match="300 candles are too few for 4 walk-forward folds"):
        SplitRule().apply(300)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: SplitRule(holdout=1.0),
        lambda: SplitRule(in_sample=0.0),
        lambda: SplitRule(folds=0),
        lambda: SplitRule(purge=-1),
    ],
)
def test_an_impossible_rule_is_refused(impossible: Callable[[], SplitRule]) -> None:
    with pytest.raises(ConfigError):
        impossible()


def test_a_preset_takes_the_newest_candles() -> None:
    candles = market(4_000)
    assert len(newest_candles(candles, "quick")) == PRESETS["quick"] == 3_000
    assert newest_candles(candles, "quick").stamps[-1] == candles.stamps[-1]
    assert len(newest_candles(candles, "all")) == 4_000
    assert len(newest_candles(candles, "maximum")) == 4_000


def test_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="quick, development"):
        newest_candles(market(10), "huge")


@pytest.mark.parametrize("field", ["taker_fee", "maker_fee", "slippage", "spread"])
def test_a_cost_that_is_no_fraction_is_refused(field: str) -> None:
    with pytest.raises(ConfigError, match=field):
        CostModel(**{field: 5.0})
