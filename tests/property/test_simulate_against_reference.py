"""The simulator against a slow reference, on random markets with every rule in play."""

from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genepool.backtest.account import EQUITY_ROW
from genepool.backtest.measuring import fold_results, measures_of
from genepool.backtest.trades import Trades, trades_of
from genepool.backtest.venue import Venue
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.volatility import atr
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from tests.fakes.slow_simulator import SlowSimulator

COUNT = 160
SPANS = ((0, 60), (70, 110), (110, COUNT))
rates = st.sampled_from([0.0, 0.0005, 0.01])
cost_models = st.builds(
    CostModel,
    taker_fee=rates,
    maker_fee=rates,
    slippage=rates,
    slippage_atr_share=st.sampled_from([0.0, 0.1]),
    spread=rates,
    # Never exactly the share that liquidates at the entry's own price: rounding would decide.
    maintenance_margin=st.sampled_from([0.0125, 0.03]),
)


def wild_market(seed: int) -> Candles:
    rng = np.random.default_rng(seed)
    close = 50 * np.exp(np.cumsum(rng.normal(0, rng.choice([0.005, 0.05]), COUNT)))
    gaps = np.exp(rng.normal(0, 0.01, COUNT) * (rng.random(COUNT) < 0.3))
    opened = np.concatenate([[50.0], close[:-1]]) * gaps
    high = np.maximum(opened, close) * (1 + rng.exponential(0.02, COUNT))
    low = np.minimum(opened, close) * (1 - np.minimum(rng.exponential(0.02, COUNT), 0.9))
    funding = np.where(rng.random(COUNT) < 0.3, rng.normal(0, 0.005, COUNT), 0.0)
    return Candles("W", "1h", np.arange(COUNT) * 3_600_000_000_000, opened, high, low, close, funding=funding)


def wild_exposure(seed: int, leverage: float) -> FloatArray:
    rng = np.random.default_rng([seed, 7])
    levels = rng.choice([-1.0, -0.5, 0.0, 0.3, 1.0], COUNT) * leverage
    keep = np.arange(COUNT)
    changes = rng.random(COUNT) < rng.choice([0.05, 0.3, 0.9])
    return levels[np.maximum.accumulate(np.where(changes, keep, 0))]


def trade_rows_sum(trades: Trades) -> FloatArray:
    """Return what each row's own prices, units and costs say that its result is."""
    moved = trades.sides * (trades.exit_prices - trades.entry_prices) * trades.units
    return moved - trades.fees - trades.funding + trades.borne


@settings(derandomize=True, deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    leverage=st.sampled_from([1.0, 3.0, 20.0]),
    costs=cost_models,
    stop=st.sampled_from([0.0, 0.5, 1.5]),
    target=st.sampled_from([0.0, 0.5, 2.0]),
)
def test_every_measure_equals_the_reference(
    seed: int, leverage: float, costs: CostModel, stop: float, target: float
) -> None:
    candles, wanted = wild_market(seed), wild_exposure(seed, leverage)
    bank = IndicatorBank(candles)
    recording = Venue(bank, costs).record(wanted, np.array(SPANS), stop, target)
    slow = SlowSimulator(candles, wanted, bank(atr, 14), costs, stop, target).run(SPANS)
    happy = SlowSimulator(candles, wanted, bank(atr, 14), costs, stop, target, optimistic=True).run(SPANS)

    inside = np.concatenate([np.arange(*span) for span in SPANS])
    assert recording.curve[EQUITY_ROW, inside] == pytest.approx(np.array(slow.equity), rel=1e-9, abs=1e-12)
    trades = trades_of(recording, candles.stamps)
    assert list(trades.reasons) == slow.reasons
    assert trades.results == pytest.approx(np.array(slow.results), rel=1e-9, abs=1e-12)
    assert trade_rows_sum(trades) == pytest.approx(trades.results, rel=1e-9, abs=1e-9)
    assert (trades.largest_units <= trades.units * (1 + 1e-12)).all()
    measures = asdict(measures_of(recording.outcomes[-1], candles.candles_per_year))
    gap = measures.pop("ambiguity_gap")
    assert measures == pytest.approx(slow.measures(candles.candles_per_year), rel=1e-9, abs=1e-9)
    if slow.equity[-1] > 0:
        assert gap == pytest.approx(happy.equity[-1] - slow.equity[-1], rel=1e-7, abs=1e-9)

    edges = [0, *slow.fold_ends]
    curve = [1.0, *slow.equity]
    returns = [curve[b] / curve[a] - 1 if curve[a] else 0.0 for a, b in pairwise(edges)]
    assert fold_results(recording.outcomes, 1.0)[1] == pytest.approx(returns, rel=1e-9, abs=1e-12)
