"""How genomes trade, read from trading them again."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.backtest.detailed import backtest, buy_and_hold
from genepool.backtest.habits import HabitReader, _habits
from genepool.genome import Genome
from genepool.strategies import seed_strategies
from tests.fakes.bred_runs import bred_run

PROBLEM = bred_run().plan.problem
SEED = seed_strategies()["donchian_breakout"]


def sided(direction: int) -> Genome:
    return SEED.normalised({**SEED.genome().values, "direction": direction})


def read(*genomes: Genome) -> list[tuple[float, float]]:
    found = HabitReader(PROBLEM)(genomes)
    return [(one.long_share, one.correlation) for one in found if one is not None]


def test_they_are_what_a_kept_backtest_shows() -> None:
    for direction in (-1, 0, 1):
        kept = backtest(PROBLEM.candles, sided(direction), PROBLEM.costs, *PROBLEM.in_sample)
        start, stop = PROBLEM.in_sample
        prices = np.concatenate([PROBLEM.candles.open[start : start + 1], PROBLEM.candles.close[start:stop]])
        own = np.diff(np.concatenate([[1.0], kept.equity])) / np.concatenate([[1.0], kept.equity[:-1]])
        held = kept.units[kept.units != 0]
        expected = np.mean(held > 0), np.corrcoef(own, np.diff(prices) / prices[:-1])[0, 1]
        assert read(sided(direction))[0] == pytest.approx(expected, abs=1e-12)


def test_one_side_alone_is_all_or_nothing_and_moves_with_or_against_the_market() -> None:
    (short, against), (long, along) = read(sided(-1), sided(1))
    assert (short, long) == (0.0, 1.0)
    assert against < 0 < along


def test_holding_moves_as_the_market_does() -> None:
    held = buy_and_hold(PROBLEM.candles, replace(PROBLEM.costs, taker_fee=0.0), *PROBLEM.in_sample)
    start, stop = PROBLEM.in_sample
    prices = np.concatenate([PROBLEM.candles.open[start : start + 1], PROBLEM.candles.close[start:stop]])
    long_share, correlation = _habits(held.equity, held.units, prices)
    assert long_share == 1.0
    assert correlation > 0.99


def test_neither_order_nor_company_changes_a_bit() -> None:
    genomes = [sided(0), seed_strategies()["ema_crossover"].genome(), sided(1)]
    together = HabitReader(PROBLEM)(genomes)
    assert HabitReader(PROBLEM)(genomes[::-1]) == together[::-1]
    assert [HabitReader(PROBLEM)([one])[0] for one in genomes] == together


def test_what_held_nothing_has_no_habits() -> None:
    assert _habits(np.ones(5), np.zeros(5), np.ones(6))[0] == -1.0
