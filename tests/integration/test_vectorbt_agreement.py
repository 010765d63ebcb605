# ruff: noqa: ANN401 - vectorbt carries no types
"""The simulator against vectorbt: the same exposures, fills and fees give the same money."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from genepool.adapters.files.catalogue import find_candles
from genepool.backtest.account import EQUITY_ROW, UNITS_ROW
from genepool.backtest.overlay import traded_exposure
from genepool.backtest.trades import trades_of
from genepool.backtest.venue import Recording, Venue
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.volatility import atr
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.strategies import seed_strategies

pytestmark = pytest.mark.slow

COUNT = 4_000
# Below 1, so that cash never limits vectorbt's orders: it lends nothing, not even a fee.
EXPOSURE = 0.8
MARKETS = ("btcusd_1h", "eurusd_1h", f"synthetic:noise:seed=1,candles={COUNT}")
RULES = ("ema_crossover", "donchian_breakout", "bollinger_bands")


@pytest.fixture(scope="module")
def portfolio() -> Iterator[Any]:
    # To compile its loops takes ten seconds, to interpret them over a few thousand candles a tenth of one.
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(numba.config, "DISABLE_JIT", 1)
        vectorbt = pytest.importorskip("vectorbt", reason="vectorbt (extra: test) is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(vectorbt.settings["numba"], "check_func_type", False)
        yield vectorbt.Portfolio


def market(name: str, tmp_path: Path) -> Candles:
    candles = find_candles(name, tmp_path)
    plain = candles.slice(len(candles) - COUNT, len(candles))
    return Candles(
        plain.symbol,
        plain.timeframe,
        plain.stamps,
        plain.open,
        plain.high,
        plain.low,
        plain.close,
        plain.volume,
    )


def record(candles: Candles, rule: str, costs: CostModel, **genes: float) -> tuple[FloatArray, Recording]:
    strategy, bank = seed_strategies()[rule], IndicatorBank(candles)
    genome = strategy.genome(genes).values
    wanted = EXPOSURE * traded_exposure(strategy, bank, genome, 1.0)
    span = np.array([[0, len(candles)]])
    return wanted, Venue(bank, costs).record(wanted, span, genome["atr_stop"], genome["atr_target"])


def quietly(call: Any, *positional: Any, **named: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*positional, **named)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", MARKETS)
def test_shared_exposures_make_the_same_equity_and_trades(
    portfolio: Any, name: str, rule: str, tmp_path: Path
) -> None:
    candles = market(name, tmp_path)
    wanted, recording = record(candles, rule, CostModel(taker_fee=0.0005))
    orders = np.full(COUNT, np.nan)
    before = np.concatenate([[0.0], wanted[:-1]])
    changes = np.flatnonzero(np.diff(before, prepend=0.0))
    orders[changes] = before[changes]
    theirs = quietly(
        portfolio.from_orders,
        candles.close, size=orders, size_type="targetpercent", direction="both", price=candles.open,
        val_price=candles.open, fees=0.0005, init_cash=1.0,
    )  # fmt: skip
    assert recording.curve[EQUITY_ROW] == pytest.approx(quietly(theirs.value).to_numpy(), rel=1e-9)
    trades = trades_of(recording, candles.stamps)
    assert len(trades) > 10
    assert trades.entry_prices == pytest.approx(theirs.trades.records["entry_price"].to_numpy(), rel=1e-9)
    assert trades.results == pytest.approx(theirs.trades.records["pnl"].to_numpy(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_shared_sizes_pay_the_same_fees_and_slippage(portfolio: Any, rule: str, tmp_path: Path) -> None:
    candles = market("btcusd_1h", tmp_path)
    costs = CostModel(taker_fee=0.0007, slippage=0.0004, spread=0.0002)
    _, recording = record(candles, rule, costs)
    held = recording.curve[UNITS_ROW]
    orders = np.where(np.diff(held, prepend=0.0) != 0, held, np.nan)
    theirs = quietly(
        portfolio.from_orders,
        candles.close, size=orders, size_type="targetamount", direction="both", price=candles.open,
        fees=0.0007, slippage=0.0005, init_cash=1.0,
    )  # fmt: skip
    assert recording.curve[EQUITY_ROW] == pytest.approx(quietly(theirs.value).to_numpy(), rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_shared_entries_stop_at_the_same_prices(portfolio: Any, rule: str, tmp_path: Path) -> None:
    # vectorbt looks at stops from the candle after the entry on, and re-enters on any signal: it is
    # given our entries, and entries that stop in their own candle are left out of both.
    candles = market("btcusd_1h", tmp_path)
    _, recording = record(candles, rule, CostModel(taker_fee=0.0005), direction=1, atr_stop=3)
    trades = trades_of(recording, candles.stamps)
    lasting = trades.entry_stamps < trades.exit_stamps
    first = np.searchsorted(candles.stamps, trades.entry_stamps[lasting])
    last = np.searchsorted(candles.stamps, trades.exit_stamps[lasting])
    reasons = np.array(trades.reasons)[lasting]
    entries, exits, size, stop = (
        np.zeros(COUNT, bool),
        np.zeros(COUNT, bool),
        np.zeros(COUNT),
        np.zeros(COUNT),
    )
    entries[first], size[first] = True, trades.units[lasting]
    exits[last[reasons == "signal"]] = True
    stop[first] = 3 * IndicatorBank(candles)(atr, 14)[first - 1] / candles.open[first]
    theirs = quietly(
        portfolio.from_signals,
        candles.close, entries=entries, exits=exits, size=size, size_type="amount", price=candles.open,
        open=candles.open, high=candles.high, low=candles.low, sl_stop=stop, stop_entry_price="fillprice",
        stop_exit_price="stopmarket", fees=0.0005, init_cash=10.0,
    )  # fmt: skip
    records = theirs.trades.records
    assert (reasons == "stop").sum() > 5
    assert records["exit_idx"].to_numpy().tolist() == last.tolist()
    # Where an exit signal and a stop fall into one candle, vectorbt lets the stop win; for us the signal,
    # which fills at the open, comes first.
    agreed = ~((reasons == "signal") & (candles.low[last] <= candles.open[first] * (1 - stop[first])))
    assert agreed.mean() > 0.9
    theirs_out, theirs_won = records["exit_price"].to_numpy(), records["pnl"].to_numpy()
    assert trades.exit_prices[lasting][agreed] == pytest.approx(theirs_out[agreed], rel=1e-9)
    assert trades.results[lasting][agreed] == pytest.approx(theirs_won[agreed], rel=1e-9, abs=1e-12)
