"""A backtest cut at midnight of the first of January, UTC."""

from datetime import UTC, datetime

import numpy as np
import pytest

from genepool.backtest.trade_statistics import TradeList
from genepool.backtest.years import by_year
from genepool.market.candles import IntArray


def stamps(*moments: str) -> IntArray:
    seconds = [datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() for moment in moments]
    return np.array(seconds, dtype=np.int64) * 1_000_000_000


TIMES = stamps(
    "2018-12-31T22:00", "2018-12-31T23:00", "2019-01-01T00:00", "2019-06-01T00:00", "2020-02-01T00:00"
)
NO_TRADES = TradeList(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


def test_each_year_continues_from_the_close_before_it() -> None:
    equity = np.array([1.2, 1.1, 1.21, 1.0, 1.5])
    found = by_year(TIMES, equity, {"hold": equity * 1.0}, NO_TRADES)
    assert [year.year for year in found] == [2018, 2019, 2020]
    assert [year.total_return for year in found] == pytest.approx([0.1, 1.0 / 1.1 - 1, 0.5])
    assert [year.benchmarks["hold"] for year in found] == pytest.approx([0.1, 1.0 / 1.1 - 1, 0.5])
    assert [year.candles for year in found] == [2, 2, 1]
    assert np.prod([1 + year.total_return for year in found]) == pytest.approx(1.5)


def test_a_year_has_its_own_drawdown_from_its_own_peak() -> None:
    found = by_year(TIMES, np.array([1.2, 1.1, 1.21, 1.0, 0.9]), {}, NO_TRADES)
    assert [year.max_drawdown for year in found] == pytest.approx([0.1 / 1.2, 0.21 / 1.21, 0.1])


def test_a_trade_belongs_to_the_year_in_which_it_ended() -> None:
    sides, returns = np.array([1, 1, -1]), np.array([0.1, -0.1, 0.1])
    found = by_year(TIMES, np.ones(5), {}, TradeList(TIMES[[1, 2, 3]], sides, returns, np.ones(3)))
    assert [(year.trades, year.won) for year in found] == [(1, 1), (2, 1), (0, 0)]


def test_a_year_after_all_was_lost_earns_nothing() -> None:
    found = by_year(TIMES, np.array([1.0, 0.5, 0.0, 0.0, 0.0]), {}, NO_TRADES)
    assert [year.total_return for year in found] == [-0.5, -1.0, 0.0]
    assert [year.max_drawdown for year in found] == [0.5, 1.0, 0.0]
