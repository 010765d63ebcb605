"""Every rule of docs/execution.md on a few candles, with numbers worked out by hand."""

import pytest

from genepool.backtest.fills import fills_of
from genepool.market.costs import CostModel
from tests.fakes.tiny_markets import FREE, Traded, flat

# The average true range of candles 100/101/99/100 is 2 from the first candle on.
CALM = [(100.0, 101.0, 99.0, 100.0)]
HELD_AND_LEVERED = CostModel(taker_fee=0.0, maker_fee=0.0, maintenance_margin=0.0125)


def approx(value: float) -> object:
    return pytest.approx(value, rel=1e-12, abs=1e-15)


def test_a_decision_at_a_close_is_filled_at_the_next_open() -> None:
    traded = Traded([(100, 100, 100, 100), (110, 120, 110, 120), (120, 120, 120, 120)], [1, 1, 1])
    assert traded.trades.entry_prices.tolist() == [110.0]
    assert traded.trades.entry_stamps.tolist() == [traded.candles.stamps[1]]
    assert traded.measures.total_return == approx(120 / 110 - 1)


def test_the_last_decision_never_fills() -> None:
    assert Traded(flat(100, 3), [0, 0, 1]).measures.trades == 0


def test_a_span_acts_upon_the_decision_of_the_candle_before_it() -> None:
    traded = Traded(flat(100, 4), [0, 1, 1, 1], spans=[(2, 4)])
    assert traded.trades.entry_stamps.tolist() == [traded.candles.stamps[2]]


def test_units_are_exposure_times_equity_over_the_fill_price_and_the_fee_comes_out_of_cash() -> None:
    traded = Traded(flat(100, 2), [0.5, 0.5], CostModel(taker_fee=0.01))
    assert traded.units[-1] == approx(0.5 / 100)
    assert traded.recording.curve[2, -1] == approx(1 - 0.5 - 0.005)
    assert traded.measures.fees_paid == approx(0.005)


def test_a_full_position_leaves_cash_negative_by_the_fee() -> None:
    assert Traded(flat(100, 2), [1, 1], CostModel(taker_fee=0.01)).recording.curve[2, -1] == approx(-0.01)


def test_units_are_held_while_the_exposure_wanted_stays_the_same() -> None:
    traded = Traded([*flat(100, 2), *flat(200), *flat(50)], [0.5] * 4)
    assert traded.units[1:] == [0.005] * 3
    assert traded.measures.turnover == approx(0.5 / (4 / 8760))


def test_another_exposure_on_the_same_side_resizes_within_one_trade() -> None:
    traded = Traded([*flat(100, 2), *flat(200, 2)], [0.5, 0.5, 0.25, 0.25])
    assert traded.equity[2] == approx(1.5)
    assert traded.units[3] == approx(0.25 * 1.5 / 200)
    assert traded.trades.fills.tolist() == [2]
    assert traded.measures.trades == 1


def test_the_stop_stays_where_it_was_when_the_position_is_resized() -> None:
    rows = [*CALM * 3, (104, 105, 103, 104), (104, 105, 97.5, 98), *flat(98)]
    traded = Traded(rows, [1, 1, 1, 0.5, 0.5, 0.5], atr_stop=1)
    assert fills_of(traded.recording, traded.candles.stamps).prices.tolist()[-1] == 98.0


def test_a_reversal_is_two_trades_at_one_price() -> None:
    costs = CostModel(taker_fee=0.001)
    traded = Traded([*flat(100, 2), *flat(110), *flat(99)], [1, -1, -1, -1], costs)
    fee_in, fee_out, fee_short = 0.001, 0.001 * 1.1, 0.001 * (1.1 - 0.001)
    after_long = 1 + 0.1 - fee_in - fee_out
    assert traded.trades.results[0] == approx(after_long - 1)
    units = (1.1 - fee_in) / 110
    assert traded.units[2] == approx(-units)
    assert traded.equity[3] == approx(after_long - fee_short + units * 11)
    assert traded.trades.reasons == ("signal", "end")


@pytest.mark.parametrize(("side", "price"), [(1, 100.3), (-1, 99.7)])
def test_a_market_fill_is_worse_by_slippage_and_half_the_spread(side: int, price: float) -> None:
    costs = CostModel(taker_fee=0.0, slippage=0.002, spread=0.002)
    assert Traded(flat(100, 2), [side, side], costs).trades.entry_prices[0] == approx(price)


def test_slippage_may_follow_the_average_true_range_of_the_decision() -> None:
    costs = CostModel(taker_fee=0.0, slippage_atr_share=0.1)
    rows = [*CALM, (100, 150, 50, 100)]
    assert Traded(rows, [1, 1], costs).trades.entry_prices[0] == approx(100.2)


@pytest.mark.parametrize(("side", "change"), [(1, -0.01), (-1, 0.01)])
def test_a_long_pays_positive_funding_and_a_short_receives_it(side: int, change: float) -> None:
    traded = Traded(flat(100, 3), [side] * 3, funding=[0.5, 0.5, 0.01])
    assert traded.measures.total_return == approx(change)
    assert traded.measures.funding_paid == approx(-change)
    assert traded.trades.funding[0] == approx(-change)


def test_funding_falls_due_before_the_trade_at_the_same_open() -> None:
    # Leaving at the open of candle 2 does not escape its funding; entering there does.
    assert Traded(flat(100, 3), [1, 0, 0], funding=[0, 0, 0.01]).measures.total_return == approx(-0.01)
    assert Traded(flat(100, 3), [0, 1, 1], funding=[0, 0, 0.01]).measures.total_return == approx(0)


@pytest.mark.parametrize(
    ("candle", "price"),
    [((100, 101, 97, 98), 98.0), ((97, 99, 96, 98), 97.0)],
    ids=["inside at the stop", "at the open when it gaps through"],
)
def test_a_stop_fills(candle: tuple[float, float, float, float], price: float) -> None:
    traded = Traded([*CALM * 2, candle, *flat(98)], [1] * 4, atr_stop=1)
    assert traded.trades.exit_prices.tolist() == [price]
    assert traded.trades.reasons == ("stop",)
    assert traded.measures.total_return == approx(price / 100 - 1)


def test_a_stop_pays_slippage_and_the_taker_fee() -> None:
    costs = CostModel(taker_fee=0.001, maker_fee=0.0, slippage=0.01)
    # Bought at 101, stopped at 101 - 2 = 99, sold at 99 x 0.99.
    traded = Traded([*CALM, (100, 101, 99.5, 100), (100, 101, 98, 99)], [1] * 3, costs, atr_stop=1)
    assert traded.trades.exit_prices[0] == approx(99 * 0.99)
    assert traded.trades.fees[0] == approx(0.001 * (101 + 99 * 0.99) / 101)


def test_a_stop_may_fill_in_the_candle_of_the_entry() -> None:
    traded = Traded([*CALM, (100, 101, 97, 101), *flat(101)], [1] * 3, atr_stop=1)
    assert traded.trades.entry_stamps.tolist() == traded.trades.exit_stamps.tolist()
    assert traded.trades.exit_prices.tolist() == [98.0]


@pytest.mark.parametrize(
    ("candle", "price"),
    [((100, 103, 99, 100), 102.0), ((103, 104, 102.5, 104), 103.0)],
    ids=["inside at the target", "at the open when it gaps beyond"],
)
def test_a_target_fills_as_a_limit_order(candle: tuple[float, float, float, float], price: float) -> None:
    costs = CostModel(taker_fee=0.0, maker_fee=0.01, slippage=0.0)
    traded = Traded([*CALM * 2, candle, *flat(100)], [1] * 4, costs, atr_target=1)
    assert traded.trades.exit_prices.tolist() == [price]
    assert traded.trades.reasons == ("target",)
    assert traded.measures.total_return == approx(price / 100 - 1 - 0.01 * price / 100)


def test_a_short_stops_above_and_profits_below() -> None:
    stopped = Traded([*CALM * 2, (100, 103, 99, 100)], [-1] * 3, atr_stop=1)
    assert stopped.measures.total_return == approx(-0.02)
    paid = Traded([*CALM * 2, (100, 101, 97, 100)], [-1] * 3, atr_target=1)
    assert paid.measures.total_return == approx(0.02)


def test_with_stop_and_target_in_one_candle_the_stop_counts_and_the_gap_is_reported() -> None:
    traded = Traded([*CALM * 2, (100, 103, 97, 100), *flat(100)], [1] * 4, atr_stop=1, atr_target=1)
    assert traded.measures.total_return == approx(-0.02)
    assert traded.measures.ambiguity_gap == approx(1.02 - 0.98)


def test_the_gap_compounds_with_what_comes_after() -> None:
    rows = [*CALM * 2, (100, 103, 97, 100), *flat(100), *flat(100), *flat(110)]
    traded = Traded(rows, [1, 1, 1, 0, 0.5, 0.5], atr_stop=1, atr_target=1)
    pessimistic = Traded(rows, [1, 1, 1, 0, 0.5, 0.5], atr_stop=1)
    optimistic = Traded(rows, [1, 1, 1, 0, 0.5, 0.5], atr_target=1)
    assert traded.equity == pessimistic.equity
    gap = optimistic.measures.total_return - pessimistic.measures.total_return
    assert traded.measures.ambiguity_gap == approx(gap)


@pytest.mark.parametrize("candle", [(97.0, 103.0, 96.0, 100.0), (103.0, 104.0, 97.0, 100.0)])
def test_an_open_beyond_stop_or_target_leaves_no_doubt(candle: tuple[float, float, float, float]) -> None:
    traded = Traded([*CALM * 2, candle], [1] * 3, atr_stop=1, atr_target=1)
    assert traded.trades.exit_prices.tolist() == [candle[0]]
    assert traded.measures.ambiguity_gap == 0


def test_after_a_stop_the_side_is_refused_until_the_wanted_side_changes() -> None:
    rows = [*CALM * 2, (100, 101, 97, 100), *CALM * 6]
    wanted = [1, 1, 1, 0.5, 1, 0, 1, 1, 1]
    traded = Traded(rows, wanted, atr_stop=1)
    assert traded.trades.entry_stamps.tolist() == [traded.candles.stamps[1], traded.candles.stamps[7]]


def test_after_a_stop_the_other_side_may_be_taken_at_the_very_next_open() -> None:
    rows = [*CALM * 2, (100, 101, 97, 100), *CALM * 2]
    traded = Traded(rows, [1, 1, -1, -1, -1], atr_stop=1)
    assert traded.trades.sides.tolist() == [1, -1]
    assert traded.trades.entry_stamps[1] == traded.candles.stamps[3]


@pytest.mark.parametrize(("side", "price"), [(1, 45_569.62), (-1, 54_320.99)])
def test_liquidation_prices_are_the_published_ones(side: int, price: float) -> None:
    # One coin at 50,000 with 5,000 of margin, at a venue whose highest leverage is 40.
    low, high = (40_000.0, 50_000.0) if side > 0 else (50_000.0, 60_000.0)
    rows = [*flat(50_000, 2), (50_000, high, low, 50_000), *flat(50_000)]
    traded = Traded(rows, [10 * side] * 4, HELD_AND_LEVERED)
    assert traded.trades.exit_prices[0] == pytest.approx(price, abs=0.005)
    assert traded.trades.reasons == ("liquidation",)
    assert traded.measures.liquidations == 1
    left = 1 - 10 * abs(50_000 - traded.trades.exit_prices[0]) / 50_000
    assert traded.equity[-1] == approx(left)


def test_the_nearer_of_stop_and_liquidation_is_met_first() -> None:
    rows = [*CALM * 2, (100, 101, 50, 60), *flat(60)]
    assert Traded(rows, [5] * 4, atr_stop=1).trades.reasons == ("stop",)
    assert Traded(rows, [5] * 4, atr_stop=20).trades.reasons == ("liquidation",)


def test_funding_brings_the_liquidation_nearer() -> None:
    rows = [*flat(50_000, 2), (50_000, 50_000, 45_600, 50_000), *flat(50_000)]
    assert Traded(rows, [10] * 4, HELD_AND_LEVERED).measures.liquidations == 0
    paid = Traded(rows, [10] * 4, HELD_AND_LEVERED, funding=[0, 0, 0.002, 0])
    assert paid.measures.liquidations == 1


def test_more_leverage_than_the_margin_bears_is_liquidated_at_once() -> None:
    traded = Traded(flat(100, 3), [20] * 3, CostModel(taker_fee=0.001, maintenance_margin=0.1))
    assert traded.trades.reasons == ("liquidation",)
    assert traded.trades.entry_stamps.tolist() == traded.trades.exit_stamps.tolist()
    assert traded.measures.total_return == approx(-0.04)


def test_a_gap_beyond_the_account_ends_at_zero_and_ends_all_trading() -> None:
    rows = [*flat(100, 2), *flat(50), *flat(100, 4)]
    traded = Traded(rows, [5, 5, 5, 0, 1, 1, -1])
    assert traded.equity == [1, 1, 0, 0, 0, 0, 0]
    assert traded.measures.total_return == -1
    assert traded.measures.annual_return == -1
    assert traded.measures.max_drawdown == 1
    assert traded.measures.trades == 1


def test_a_position_at_the_end_is_valued_at_the_last_close_without_an_exit_fee() -> None:
    traded = Traded([*flat(100, 2), *flat(110)], [1] * 3, CostModel(taker_fee=0.01))
    assert traded.measures.total_return == approx(0.1 - 0.01)
    assert traded.trades.reasons == ("end",)
    assert traded.trades.fills.tolist() == [1]


def test_spans_start_flat_and_keep_equity() -> None:
    rows = [*flat(100, 2), *flat(110), *flat(55), *flat(55), *flat(66)]
    traded = Traded(rows, [1] * 6, spans=[(0, 3), (4, 6)])
    # 10 % in the first span; the halving lies between them; the second buys at 55 and ends at 66.
    assert traded.measures.total_return == approx(1.1 * 1.2 - 1)
    assert traded.measures.candles == 5
    assert traded.measures.trades == 2


def test_buying_and_selling_at_one_price_without_fees_costs_exactly_nothing() -> None:
    traded = Traded(flat(37.1, 6), [0.7, -0.3, 0, 1, -1, 0], FREE)
    assert traded.equity == [1.0] * 6
    assert traded.measures.win_rate == 0


def test_a_sale_fetches_at_least_a_hundredth_however_large_the_slippage() -> None:
    costs = CostModel(taker_fee=0.0, slippage_atr_share=0.99)
    traded = Traded([(100, 150, 40, 100), (100, 100, 100, 100)], [-0.001] * 2, costs)
    assert traded.trades.entry_prices.tolist() == [1.0]
