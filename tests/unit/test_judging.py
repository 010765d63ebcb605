"""Judging a run: what holding would have made, and prices that cannot be judged."""

import numpy as np
import pytest

from genepool.backtest.problem import Problem
from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.pool.judging import buy_and_hold, judge
from tests.fakes.tiny_markets import FREE, Row, flat, tiny_market


def problem(rows: list[Row], costs: CostModel = FREE) -> Problem:
    return Problem(tiny_market(rows), (0, 10), ((12, 20),), costs, "sharpe")


def test_holding_is_bought_at_the_second_open_and_valued_at_the_last_close() -> None:
    held: FloatArray = np.linspace(100, 119, 20)
    in_sample, walk_forward = buy_and_hold(problem([(p, p, p, p) for p in held.tolist()]))
    assert in_sample.total_return == pytest.approx(held[9] / held[1] - 1)
    assert walk_forward.total_return == pytest.approx(held[19] / held[12] - 1)
    assert (in_sample.trades, walk_forward.trades) == (1, 1)


def test_prices_that_leap_beyond_measure_are_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidCandles, match="TINY cannot be judged"):
        buy_and_hold(problem([*flat(1e-200, 5), *flat(1e200, 15)]))


def test_a_run_that_was_stopped_before_its_first_evaluation_is_not_blamed_on_its_genomes() -> None:
    judged = judge(problem(flat(100, 20)), [], trials=0)
    assert judged.verdict == "No genome was evaluated on both spans: there is nothing to judge."
    assert judged.champion is None
