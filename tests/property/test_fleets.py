"""What holds of shares and accounts whatever the bots are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.portfolio.account import joint_periods
from genepool.portfolio.alignment import joined_returns
from genepool.portfolio.limits import limited
from genepool.portfolio.weightings import FleetMoments, weightings
from tests.fakes.bot_records import random_records

WAYS = st.sampled_from(sorted(weightings()))


def moments(seed: int, bots: int) -> FleetMoments:
    rng = np.random.default_rng(seed)
    returns = rng.normal(0, 0.01, (80, bots)) @ rng.normal(0, 1, (bots, bots))
    return FleetMoments(np.atleast_2d(np.cov(returns.T)), rng.normal(1e-4, 1e-4, bots), 0.5)


@given(way=WAYS, seed=st.integers(0, 10_000), bots=st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_no_share_is_negative_and_they_fill_the_account(way: str, seed: int, bots: int) -> None:
    shares = weightings()[way].weigh(moments(seed, bots))
    assert np.all(shares >= 0)
    assert np.isfinite(shares).all()
    if not weightings()[way].sizes:
        assert shares.sum() == pytest.approx(1.0)


@given(way=WAYS, seed=st.integers(0, 10_000), order=st.permutations(range(6)))
@settings(max_examples=40, deadline=None)
def test_it_does_not_matter_in_which_order_bots_are_named(way: str, seed: int, order: list[int]) -> None:
    told = moments(seed, 6)
    turned = FleetMoments(told.covariance[np.ix_(order, order)], told.deflated_means[order], 0.5)
    weigh = weightings()[way].weigh
    assert weigh(turned) == pytest.approx(weigh(told)[order], rel=1e-6, abs=1e-9)


@given(way=WAYS, seed=st.integers(0, 10_000), scale=st.floats(0.01, 100.0))
@settings(max_examples=40, deadline=None)
def test_shares_of_risk_alone_do_not_depend_on_its_unit(way: str, seed: int, scale: float) -> None:
    if weightings()[way].sizes:
        return
    told = moments(seed, 5)
    louder = FleetMoments(told.covariance * scale, told.deflated_means, 0.5)
    weigh = weightings()[way].weigh
    assert weigh(louder) == pytest.approx(weigh(told), abs=1e-9)


@given(
    raw=st.lists(st.just(0.0) | st.floats(0.01, 5.0), min_size=1, max_size=8),
    each=st.floats(0.05, 3.0),
    in_all=st.floats(0.05, 3.0),
    sizes=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_limits_hold_and_waste_no_room(raw: list[float], each: float, in_all: float, sizes: bool) -> None:
    shares = np.array(raw)
    found = limited(shares, each, in_all, sizes=sizes)
    assert np.all(found >= 0)
    assert np.all(found <= each + 1e-12)
    assert found.sum() <= min(in_all, float(shares.sum())) + 1e-9
    if not sizes:
        room = each * np.count_nonzero(shares)
        assert found.sum() == pytest.approx(min(in_all, float(shares.sum()), room), rel=1e-6, abs=1e-7)


@given(seed=st.integers(0, 1_000), raw=st.lists(st.floats(0.0, 0.5), min_size=3, max_size=3))
@settings(max_examples=20, deadline=None)
def test_lows_lie_below_returns_and_nothing_is_lost_twice(seed: int, raw: list[float]) -> None:
    records = random_records(seed, bots=3, days=25)
    joined = joined_returns(records, "day")
    found = joint_periods(records, np.array(raw), joined)
    assert np.all(found.lows <= np.minimum(found.returns, 0.0) + 1e-12)
    assert np.all(found.returns >= -1.0)
    assert np.all(found.margins <= found.exposures)
