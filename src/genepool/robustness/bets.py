"""How many bets trades inside walk-forward folds are: a fold's edge cuts a position, and makes no new one."""

from collections.abc import Sequence

import numpy as np

from genepool.backtest.account import REASONS, SPAN_ENDED
from genepool.backtest.detailed import backtest_over
from genepool.backtest.problem import Problem
from genepool.backtest.trades import Trades
from genepool.genome import Genome
from genepool.market.candles import IntArray


def bets_inside(problem: Problem, genome: Genome) -> int:
    """Return how many positions a genome takes inside a problem's folds, as ``bets`` counts them.

    Raises
    ------
    ConfigError, HistoryTooShort, ArithmeticError
        As ``backtest_over``.
    """
    traded = backtest_over(
        problem.candles, genome, problem.costs, problem.folds, problem.candles_per_year, problem.strategies
    )
    return bets(traded.trades, problem.candles.stamps, problem.folds)


def bets(trades: Trades, stamps: IntArray, folds: Sequence[tuple[int, int]]) -> int:
    """Count a position once that was held to a fold's end and is taken again at the next one's first open.

    Parameters
    ----------
    trades
        Made inside the folds, in order.
    stamps
        Of the problem's candles, shape (n,).
    folds
        Half-open candle ranges, rising.
    """
    first = np.array([start for start, _ in folds])
    entered, left = (np.searchsorted(stamps, found) for found in (trades.entry_stamps, trades.exit_stamps))
    fold_of_exit = np.searchsorted(first, left, side="right") - 1
    cut = np.array(trades.reasons) == REASONS[SPAN_ENDED]
    following = first[np.minimum(fold_of_exit + 1, len(first) - 1)]
    taken_again = cut[:-1] & (trades.sides[1:] == trades.sides[:-1]) & (entered[1:] == following[:-1])
    return len(trades) - int(taken_again.sum())
