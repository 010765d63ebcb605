"""Trades of another program beside ours: what is equal, what is not, and in what."""

from dataclasses import replace
from typing import Any

import pytest

from genepool.backtest.detailed import backtest
from genepool.market.costs import CostModel
from genepool.ports.proofs import ComparedTrade
from genepool.strategies import seed_strategies
from genepool.usecases.trade_parity import compare_trades, our_trades
from tests.fakes.markets import random_market

HOUR = 3_600 * 10**9
FIRST = ComparedTrade(1 * HOUR, 5 * HOUR, "long", 100.0, 110.0)
SECOND = ComparedTrade(5 * HOUR, 9 * HOUR, "short", 110.0, 99.0)
OPEN = ComparedTrade(9 * HOUR, 11 * HOUR, "long", 99.0, 98.0, closed=False)


def test_the_same_trades_are_equal() -> None:
    found = compare_trades([FIRST, SECOND], [FIRST, SECOND])
    assert (found.trades, found.equal, found.different, found.differences) == (2, 2, 0, [])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"exit": 6 * HOUR}, ["exit_time"]),
        ({"side": "short"}, ["side", "gross"]),
        ({"entry_price": 100.01}, ["entry_price", "gross"]),
        ({"exit_price": 110.01}, ["exit_price", "gross"]),
        ({"exit_price": float("nan")}, ["exit_price", "gross"]),
    ],
)
def test_a_trade_that_differs_says_in_what(change: dict[str, Any], what: list[str]) -> None:
    found = compare_trades([FIRST, SECOND], [replace(FIRST, **change), SECOND])
    assert (found.equal, found.different) == (1, 1)
    assert [one.what for one in found.differences] == what
    assert found.differences[0].entry_time == "1970-01-01T01:00:00Z"


def test_a_trade_that_one_side_lacks_moves_no_other() -> None:
    assert [one.what for one in compare_trades([FIRST, SECOND], [SECOND]).differences] == ["missing"]
    found = compare_trades([SECOND], [FIRST, SECOND])
    assert [(one.what, one.there) for one in found.differences] == [("surplus", "long")]
    assert (found.trades, found.equal) == (2, 1)


def test_prices_may_be_a_tick_apart_where_there_are_ticks() -> None:
    other = replace(FIRST, entry_price=100.01)
    assert compare_trades([FIRST], [other], 0.01).different == 0
    assert compare_trades([FIRST], [replace(FIRST, entry_price=100.02)], 0.01).different == 1
    assert compare_trades([FIRST], [replace(FIRST, entry_price=100.0 * (1 + 1e-10))]).different == 0


def test_where_sizes_change_each_fill_is_compared_and_not_the_average_of_them() -> None:
    fills = ((1 * HOUR, 100.0), (3 * HOUR, 104.0), (5 * HOUR, 110.0))
    ours = replace(FIRST, entry_price=102.0, fills=fills)
    other_sizes = replace(ours, entry_price=101.0)
    assert compare_trades([ours], [other_sizes]).different == 0
    assert compare_trades([ours], [replace(other_sizes, fills=None)]).different == 1
    dearer = replace(other_sizes, fills=(*fills[:2], (5 * HOUR, 110.1)))
    assert [one.what for one in compare_trades([ours], [dearer]).differences] == ["fill_price"]
    fewer = replace(other_sizes, fills=(fills[0], fills[2]))
    found = compare_trades([ours], [fewer]).differences
    assert [(one.what, one.here, one.there) for one in found] == [("fills", 3, 2)]


def test_a_trade_of_one_size_is_compared_by_its_averages_even_with_fills() -> None:
    ours = replace(FIRST, fills=((1 * HOUR, 100.0), (5 * HOUR, 110.0)))
    assert compare_trades([ours], [replace(ours, entry_price=101.0)]).different == 1


def test_what_is_open_here_at_the_end_is_left_out_whatever_the_other_did_with_it() -> None:
    forced = replace(OPEN, exit_price=1.0)
    for there in ([FIRST, OPEN], [FIRST, forced], [FIRST]):
        found = compare_trades([FIRST, OPEN], there)
        assert (found.trades, found.different) == (1, 0)


def test_what_is_open_there_alone_is_a_difference() -> None:
    theirs = replace(SECOND, exit=11 * HOUR, exit_price=98.0, closed=False)
    assert compare_trades([FIRST, SECOND], [FIRST, theirs]).different == 1


def test_a_backtest_is_read_as_it_was_traded() -> None:
    result = backtest(random_market(2, 600), seed_strategies()["donchian_breakout"].genome(), CostModel())
    trades = our_trades(result)
    assert [trade.closed for trade in trades[:-1]] == [True] * (len(trades) - 1)
    signs = result.trades.sides
    gross = signs * (result.trades.exit_prices / result.trades.entry_prices - 1.0)
    assert [trade.gross for trade in trades] == pytest.approx(gross.tolist(), abs=1e-15)
