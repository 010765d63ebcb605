"""Money neither appears nor vanishes: identities that hold at every candle of every backtest."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.backtest.account import (
    AT,
    CASH_AFTER,
    CASH_ROW,
    CHANGE,
    EQUITY_ROW,
    FEE,
    FUNDING_ROW,
    PRICE,
    REASON,
    SPAN_ENDED,
    UNITS_ROW,
)
from genepool.backtest.detailed import backtest, buy_and_hold
from genepool.backtest.measuring import measures_of
from genepool.backtest.trades import trades_of
from genepool.backtest.venue import Recording, Venue
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.strategies import seed_strategies
from tests.fakes.markets import random_market

COUNT = 300
FREE = CostModel(taker_fee=0.0, maker_fee=0.0)
COSTLY = CostModel(
    taker_fee=0.0007, maker_fee=0.0003, slippage=0.0004, spread=0.0002, slippage_atr_share=0.02
)


def steps(seed: int, count: int = COUNT) -> FloatArray:
    rng = np.random.default_rng(seed)
    return np.repeat(rng.choice([-1.0, -0.4, 0.0, 0.6, 1.0], count // 10 + 1), 10)[:count]


def recorded(
    seed: int, costs: CostModel, *, stop: float = 2.0, target: float = 3.0
) -> tuple[Candles, Recording]:
    candles = random_market(seed, COUNT)
    venue = Venue(IndicatorBank(candles), costs)
    return candles, venue.record(steps(seed), np.array([[0, COUNT]]), stop, target)


books = settings(derandomize=True, deadline=None, max_examples=40)
seeds = st.integers(0, 10_000)


@books
@given(seed=seeds)
def test_equity_is_cash_plus_units_times_price_at_every_close(seed: int) -> None:
    candles, recording = recorded(seed, COSTLY)
    curve = recording.curve
    assert curve[EQUITY_ROW] == pytest.approx(curve[CASH_ROW] + curve[UNITS_ROW] * candles.close, rel=1e-9)


@books
@given(seed=seeds)
def test_trade_results_sum_to_the_change_of_equity(seed: int) -> None:
    candles, recording = recorded(seed, COSTLY)
    results = trades_of(recording, candles.stamps).results
    change = recording.curve[EQUITY_ROW, -1] - 1
    assert results.sum() == pytest.approx(change, abs=1e-9 * max(1.0, float(np.abs(results).sum())))


@books
@given(seed=seeds)
def test_every_flow_of_cash_is_a_fill_a_fee_or_funding(seed: int) -> None:
    _, recording = recorded(seed, COSTLY)
    tape, curve = recording.tape, recording.curve
    bought = tape[:, CHANGE] * tape[:, PRICE]
    assert tape[-1, CASH_AFTER] == pytest.approx(
        1 - bought.sum() - tape[:, FEE].sum() - curve[FUNDING_ROW].sum(), abs=1e-9
    )


@books
@given(seed=seeds)
def test_the_position_is_the_sum_of_the_fills(seed: int) -> None:
    _, recording = recorded(seed, COSTLY)
    fills = recording.tape[recording.tape[:, REASON] != SPAN_ENDED]
    moved = np.zeros(COUNT)
    np.add.at(moved, fills[:, AT].astype(int), fills[:, CHANGE])
    assert recording.curve[UNITS_ROW] == pytest.approx(np.cumsum(moved), abs=1e-12)


@books
@given(seed=seeds)
def test_fills_lie_within_their_candle(seed: int) -> None:
    candles, recording = recorded(seed, replace(COSTLY, slippage=0.0, spread=0.0, slippage_atr_share=0.0))
    at, price = recording.tape[:, AT].astype(int), recording.tape[:, PRICE]
    assert (price >= candles.low[at]).all()
    assert (price <= candles.high[at]).all()


@books
@given(seed=seeds)
def test_nothing_is_held_before_the_first_decision(seed: int) -> None:
    _, recording = recorded(seed, COSTLY)
    first = int(np.flatnonzero(steps(seed))[0])
    assert not recording.curve[UNITS_ROW, : first + 1].any()


@books
@given(seed=seeds)
def test_an_entry_is_as_large_as_wanted(seed: int) -> None:
    candles, recording = recorded(seed, FREE, stop=0.0, target=0.0)
    wanted, curve, moved = steps(seed), recording.curve, recording.tape[:, AT].astype(int)
    for t in set(moved[recording.tape[:, REASON] != SPAN_ENDED].tolist()):
        worth = curve[CASH_ROW, t] + curve[UNITS_ROW, t] * candles.open[t]
        assert curve[UNITS_ROW, t] * candles.open[t] / worth == pytest.approx(wanted[t - 1], abs=1e-9)


@books
@given(seed=seeds)
def test_funding_of_mirrored_books_cancels(seed: int) -> None:
    candles = random_market(seed, COUNT)
    venue = Venue(IndicatorBank(candles), FREE)
    first = [venue.record(np.full(COUNT, side), np.array([[0, COUNT]]), 0.0, 0.0) for side in (1.0, -1.0)]
    flows = [recording.curve[FUNDING_ROW] / abs(recording.curve[UNITS_ROW, 1]) for recording in first]
    held = min(np.count_nonzero(recording.curve[UNITS_ROW]) for recording in first) + 1
    assert flows[0][:held] == pytest.approx(-flows[1][:held], abs=1e-12)


@books
@given(seed=seeds)
def test_measures_agree_with_curve_and_trades(seed: int) -> None:
    candles, recording = recorded(seed, COSTLY)
    measures = measures_of(recording.outcomes[-1], candles.candles_per_year)
    equity, trades = recording.curve[EQUITY_ROW], trades_of(recording, candles.stamps)
    returns = np.diff(equity, prepend=1.0) / np.concatenate([[1.0], equity[:-1]])
    sharpe = returns.mean() / returns.std(ddof=1) * np.sqrt(candles.candles_per_year)
    assert measures.sharpe == pytest.approx(sharpe, rel=1e-9)
    peaks = np.maximum.accumulate(np.concatenate([[1.0], equity]))[1:]
    assert measures.max_drawdown == pytest.approx(float(np.max(1 - equity / peaks)), abs=1e-12)
    assert measures.trades == len(trades)
    assert measures.win_rate == pytest.approx(float((trades.results > 1e-12).mean()))
    assert 0 <= measures.max_drawdown <= 1
    assert 0 <= measures.exposure <= 1


@books
@given(seed=seeds)
def test_each_closed_trade_without_resizing_has_two_fills(seed: int) -> None:
    candles = random_market(seed, COUNT)
    recording = Venue(IndicatorBank(candles), COSTLY).record(
        np.sign(steps(seed)), np.array([[0, COUNT]]), 2.0, 3.0
    )
    trades = trades_of(recording, candles.stamps)
    assert [
        count + (reason == "end") for count, reason in zip(trades.fills, trades.reasons, strict=True)
    ] == [2] * len(trades)


def test_buy_and_hold_is_the_price_ratio_minus_one_fee() -> None:
    candles = replace(random_market(3, COUNT), funding=None)
    held = buy_and_hold(candles, CostModel(taker_fee=0.001), start=10)
    assert held.measures.total_return == pytest.approx(
        candles.close[-1] / candles.open[10] - 1 - 0.001, rel=1e-9
    )


@books
@given(seed=seeds)
def test_recording_changes_no_bit(seed: int) -> None:
    candles, recording = recorded(seed, COSTLY)
    venue = Venue(IndicatorBank(candles), COSTLY)
    assert np.array_equal(venue.trade(steps(seed), np.array([[0, COUNT]]), 2.0, 3.0), recording.outcomes)


def test_a_backtest_keeps_what_its_measures_say() -> None:
    candles = random_market(11, 1_500)
    kept = backtest(
        candles, seed_strategies()["ema_crossover"].genome({"atr_stop": 2}), COSTLY, start=400, stop=1_400
    )
    assert len(kept.stamps) == len(kept.equity) == len(kept.exposure) == kept.measures.candles == 1_000
    assert kept.stamps[0] == candles.stamps[400]
    assert kept.equity[-1] - 1 == pytest.approx(kept.measures.total_return, abs=1e-15)
    assert kept.measures.trades == len(kept.trades) > 0
    assert kept.exposure == pytest.approx(kept.units * candles.close[400:1_400] / kept.equity)
