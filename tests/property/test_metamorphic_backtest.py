"""What must not change a result, and what must change it one way only."""

from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.backtest.account import AT, CHANGE, EQUITY, EQUITY_ROW, PRICE, REASON, REASONS
from genepool.backtest.detailed import backtest
from genepool.backtest.measuring import measures_of
from genepool.backtest.venue import Recording, Venue
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.strategies import seed_strategies
from tests.fakes.markets import random_market

COUNT = 300
COSTS = CostModel(slippage=0.0003, spread=0.0001, slippage_atr_share=0.01)
RULES: dict[str, dict[str, float]] = {
    "ema_crossover": {"atr_stop": 2, "atr_target": 4},
    "sma_trend_filter": {"volatility_target": 0.5, "trend_filter": 50},
}
worlds = settings(derandomize=True, deadline=None, max_examples=40)
seeds = st.integers(0, 10_000)


def steps(seed: int, count: int = COUNT) -> FloatArray:
    rng = np.random.default_rng(seed)
    return np.repeat(rng.choice([-1.0, 0.0, 0.5, 1.0], count // 10 + 1), 10)[:count]


def scaled(candles: Candles, factor: float) -> Candles:
    return replace(candles, **{name: getattr(candles, name) * factor for name in PRICE_COLUMNS})


def mirrored(candles: Candles) -> tuple[float, Candles]:
    level = 2 * float(candles.high.max())
    high, low = level - candles.low, level - candles.high
    return level, replace(candles, open=level - candles.open, high=high, low=low, close=level - candles.close)


def record(
    candles: Candles, wanted: FloatArray, costs: CostModel, stop: float = 2.0, target: float = 3.0
) -> Recording:
    span = np.array([[0, len(candles)]])
    return Venue(IndicatorBank(candles), costs).record(wanted, span, stop, target)


def measured(candles: Candles, wanted: FloatArray, costs: CostModel) -> Measures:
    return measures_of(record(candles, wanted, costs).outcomes[-1], candles.candles_per_year)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("factor", [2.0, 0.5, 1024.0])
def test_a_power_of_two_in_the_price_changes_no_bit(name: str, factor: float) -> None:
    candles, genome = random_market(5, 1_500), seed_strategies()[name].genome(RULES[name])
    first, second = backtest(candles, genome, COSTS), backtest(scaled(candles, factor), genome, COSTS)
    assert first.measures.trades > 5
    assert first.measures == second.measures
    assert np.array_equal(first.equity, second.equity)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("factor", [3.0, 0.001, 1e6])
def test_any_other_factor_changes_rounding_only(name: str, factor: float) -> None:
    candles, genome = random_market(5, 1_500), seed_strategies()[name].genome(RULES[name])
    first, second = backtest(candles, genome, COSTS), backtest(scaled(candles, factor), genome, COSTS)
    assert asdict(first.measures) == pytest.approx(asdict(second.measures), rel=1e-9, abs=1e-9)


@worlds
@given(seed=seeds)
def test_a_short_in_the_mirrored_market_loses_what_the_long_lost(seed: int) -> None:
    # Prices mirrored about a level: a fixed number of units gains there what it lost here.
    candles = replace(random_market(seed, COUNT), funding=None)
    _, mirror = mirrored(candles)
    free = CostModel(taker_fee=0.0, maker_fee=0.0, maintenance_margin=1e-9)
    rng = np.random.default_rng(seed)
    entry = int(rng.integers(1, 50))
    wanted = np.where(np.arange(COUNT) >= entry, 0.1, 0.0)
    here = record(candles, wanted, free, stop=0.0, target=0.0)
    there = record(mirror, -wanted, free, stop=0.0, target=0.0)
    gain = (here.curve[EQUITY_ROW] - 1) * candles.open[entry + 1]
    mirrored_gain = (there.curve[EQUITY_ROW] - 1) * mirror.open[entry + 1]
    assert gain == pytest.approx(mirrored_gain, rel=1e-9, abs=1e-9)


@worlds
@given(seed=seeds)
def test_stops_and_targets_mirror_too(seed: int) -> None:
    candles = replace(random_market(seed, COUNT), funding=None)
    level, mirror = mirrored(candles)
    free = CostModel(taker_fee=0.0, maker_fee=0.0, maintenance_margin=1e-9)
    wanted = 0.1 * np.sign(steps(seed))
    here, there = record(candles, wanted, free).tape, record(mirror, -wanted, free).tape
    assert [REASONS[int(k)] for k in here[:, REASON]] == [REASONS[int(k)] for k in there[:, REASON]]
    assert np.array_equal(here[:, AT], there[:, AT])
    assert np.array_equal(np.sign(here[:, CHANGE]), -np.sign(there[:, CHANGE]))
    assert level - here[:, PRICE] == pytest.approx(there[:, PRICE], rel=1e-9)


@worlds
@given(seed=seeds)
def test_reversed_funding_is_received_where_it_was_paid(seed: int) -> None:
    candles = random_market(seed, COUNT)
    assert candles.funding is not None
    reversed_rates = replace(candles, funding=-candles.funding)
    wanted = np.where(np.arange(COUNT) < 20, 0.0, 0.01)
    paid = measured(candles, wanted, CostModel()).funding_paid
    received = measured(reversed_rates, wanted, CostModel()).funding_paid
    assert paid == pytest.approx(-received, rel=1e-3, abs=1e-9)


@worlds
@given(
    seed=seeds, cost=st.sampled_from(["taker_fee", "maker_fee", "slippage", "spread", "slippage_atr_share"])
)
def test_dearer_trading_is_never_better_for_the_same_trades(seed: int, cost: str) -> None:
    candles, wanted = random_market(seed, COUNT), steps(seed)
    # Without stops and targets the trades are the wanted exposure's alone.
    stop, target = (0.0, 3.0) if cost == "maker_fee" else (0.0, 0.0)
    levels = [0.0, 1e-5, 1e-4, 1e-3, 1e-2]
    finals = [
        record(candles, wanted, replace(CostModel(), **{cost: level}), stop, target).outcomes[-1, EQUITY]
        for level in levels
    ]
    assert all(dearer <= cheaper for cheaper, dearer in pairwise(finals))


@worlds
@given(seed=seeds)
def test_shifting_time_changes_no_bit(seed: int) -> None:
    candles, wanted = random_market(seed, COUNT), steps(seed)
    later = replace(candles, stamps=candles.stamps + 86_400_000_000_000 * 1_000)
    assert measured(candles, wanted, COSTS) == measured(later, wanted, COSTS)


@worlds
@given(seed=seeds, cut=st.integers(50, COUNT - 1))
def test_later_candles_leave_the_past_as_it_was(seed: int, cut: int) -> None:
    candles, wanted = random_market(seed, COUNT), steps(seed)
    whole, begun = record(candles, wanted, COSTS), record(candles.slice(0, cut), wanted[:cut], COSTS)
    assert np.array_equal(whole.curve[:, :cut], begun.curve)


@worlds
@given(seed=seeds)
def test_what_comes_after_the_decision_reaches_only_later_fills(seed: int) -> None:
    # Everything of the last candle but its open is another: what was filled at that open stays.
    candles, wanted = random_market(seed, COUNT), steps(seed)
    changed = {name: getattr(candles, name).copy() for name in ("high", "low", "close")}
    changed["high"][-1], changed["low"][-1], changed["close"][-1] = (
        candles.open[-1] * k for k in (1.5, 0.5, 1.2)
    )
    first = record(candles, wanted, COSTS, stop=0.0, target=0.0).tape
    second = record(replace(candles, **changed), wanted, COSTS, stop=0.0, target=0.0).tape
    same = [tape[tape[:, REASON] == 0] for tape in (first, second)]
    assert np.array_equal(*same)


@worlds
@given(seed=seeds, cut=st.integers(20, COUNT - 20))
def test_two_touching_spans_are_one_when_nothing_is_held_between_them(seed: int, cut: int) -> None:
    candles, wanted = random_market(seed, COUNT), steps(seed)
    wanted[cut - 3 : cut] = 0.0
    venue = Venue(IndicatorBank(candles), COSTS)
    whole = venue.trade(wanted, np.array([[0, COUNT]]), 2.0, 3.0)[-1]
    parts = venue.trade(wanted, np.array([[0, cut], [cut, COUNT]]), 2.0, 3.0)[-1]
    assert measures_of(whole, 8_760.0) == measures_of(parts, 8_760.0)
