"""What trades amount to, against numbers worked out by hand."""

import numpy as np
import pytest

from genepool.backtest.trade_statistics import TradeList, trade_list, trade_statistics
from tests.fakes.tiny_markets import Traded, flat


def trades(*returns: float, sides: tuple[int, ...] = (), hours: tuple[float, ...] = ()) -> TradeList:
    count = len(returns)
    return TradeList(
        np.arange(count, dtype=np.int64),
        np.array(sides or (1,) * count, dtype=np.int64),
        np.array(returns, dtype=np.float64),
        np.array(hours or (1.0,) * count),
    )


def approx(value: float) -> object:
    return pytest.approx(value, rel=1e-12)


def test_expectancy_is_what_wins_and_losses_weigh() -> None:
    found = trade_statistics(trades(0.10, -0.04, 0.02, -0.02, 0.0))
    assert (found.trades, found.won, found.lost) == (5, 2, 2)
    assert found.average_win == approx(0.06)
    assert found.average_loss == approx(-0.03)
    assert found.payoff == approx(2.0)
    assert found.expectancy == approx(2 / 5 * 0.06 - 2 / 5 * 0.03)
    assert (found.best, found.worst) == (0.10, -0.04)
    assert found.total_return == approx(1.10 * 0.96 * 1.02 * 0.98 - 1)


def test_the_system_quality_number_is_tharps() -> None:
    # Mean 0.02; distances from it 0.02, -0.02, 0, 0; times the root of four trades.
    found = trade_statistics(trades(0.04, 0.00, 0.02, 0.02))
    assert found.system_quality == approx(0.02 / ((2 * 0.02**2) / 3) ** 0.5 * 2)


@pytest.mark.parametrize("returns", [(), (0.1,), (0.1, 0.1, 0.1)])
def test_trades_that_do_not_vary_have_no_system_quality(returns: tuple[float, ...]) -> None:
    assert trade_statistics(trades(*returns)).system_quality is None


def test_streaks_are_broken_by_the_other_and_by_a_trade_that_came_out_even() -> None:
    found = trade_statistics(trades(1, 1, -0.1, -0.1, -0.1, 0.0, -0.1, 1, 1, 0.0, 1))
    assert (found.longest_winning_streak, found.longest_losing_streak) == (2, 3)


def test_no_loss_has_no_payoff() -> None:
    found = trade_statistics(trades(0.1, 0.2))
    assert (found.payoff, found.average_loss) == (None, None)
    assert found.expectancy == approx(0.15)


def test_no_trade_has_no_figures() -> None:
    found = trade_statistics(trades())
    assert (found.trades, found.total_return, found.expectancy, found.median_hours) == (0, 0.0, None, None)


def test_time_held_has_a_mean_a_median_and_a_longest() -> None:
    found = trade_statistics(trades(0.1, 0.1, 0.1, 0.1, hours=(1, 2, 3, 10)))
    assert (found.mean_hours, found.median_hours, found.longest_hours) == (4.0, 2.5, 10.0)


def test_the_sides_compound_to_the_whole() -> None:
    whole = trades(0.1, -0.2, 0.3, sides=(1, -1, 1))
    long, short = (trade_statistics(whole.of_side(side)) for side in (1, -1))
    assert (long.trades, short.trades) == (2, 1)
    assert long.total_return == approx(1.1 * 1.3 - 1)
    both = (1 + long.total_return) * (1 + short.total_return) - 1
    assert trade_statistics(whole).total_return == approx(both)


def test_trades_of_spans_are_joined_with_their_own_returns_and_hours() -> None:
    rows = [*flat(100, 2), *flat(150), *flat(75, 2)]
    first = Traded(rows, [1.0, 0.0, 1.0, 0.0, 0.0]).trades
    joined = trade_list([first, Traded(rows, [-1.0, 0.0, 0.0, 0.0, 0.0]).trades])
    assert joined.returns.tolist() == [0.5, 0.0, -0.5]
    assert joined.sides.tolist() == [1, 1, -1]
    assert joined.hours.tolist() == [1.0, 1.0, 1.0]
