"""What a run amounts to: its leaderboard beside buy-and-hold, and one honest sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.backtest.measuring import measures_of
from genepool.backtest.problem import Problem
from genepool.backtest.venue import Venue
from genepool.errors import InvalidCandles
from genepool.evolution.population import Individual
from genepool.history import leaderboard
from genepool.indicators.bank import IndicatorBank
from genepool.market.measures import Measures
from genepool.robustness.luck import Evidence, verdict, weigh

NOBODY = "No genome was evaluated on both spans: there is nothing to judge."


@dataclass(frozen=True, slots=True)
class Judged:
    """A run, judged.

    Parameters
    ----------
    board
        Individuals by selection score, champion first.
    hold_in_sample, hold_walk_forward
        Measures of buying and holding on the same spans, with the same costs.
    trials
        Unique genomes ever tried on the data.
    evidence
        What is known of the champion; None without one.
    verdict
        One honest sentence.
    """

    board: tuple[Individual, ...]
    hold_in_sample: Measures
    hold_walk_forward: Measures
    trials: int
    evidence: Evidence | None
    verdict: str

    @property
    def champion(self) -> Individual | None:
        """Best individual of the run."""
        return self.board[0] if self.board else None


def judge(problem: Problem, individuals: Sequence[Individual], trials: int) -> Judged:
    """Judge a run's individuals.

    Parameters
    ----------
    problem
        What they were scored against.
    individuals
        Everybody who was evaluated.
    trials
        Unique genomes ever tried on the data, by the ledger.
    """
    board = tuple(leaderboard(individuals))
    hold_in_sample, hold_walk_forward = buy_and_hold(problem)
    evidence = None
    if board and (champion := board[0].evaluation.scored) is not None:
        evidence = weigh(
            champion.walk_forward,
            hold_walk_forward,
            trials,
            problem.candles_per_year,
        )
    sentence = verdict(evidence) if evidence else NOBODY
    return Judged(board, hold_in_sample, hold_walk_forward, trials, evidence, sentence)


def buy_and_hold(problem: Problem) -> tuple[Measures, Measures]:
    """Return the measures of holding from the first candle to the last: in sample, and over the folds.

    Raises
    ------
    InvalidCandles
        When prices leap so far that what holding earned is not a number.
    """
    always = np.ones(len(problem.candles))
    venue = Venue(IndicatorBank(problem.candles), problem.costs)
    per_year = problem.candles_per_year
    in_sample = venue.trade(always, np.array([problem.in_sample]), 0.0, 0.0)
    walked = venue.trade(always, np.array(problem.folds), 0.0, 0.0)
    try:
        return measures_of(in_sample[-1], per_year), measures_of(walked[-1], per_year)
    except ArithmeticError as error:
        raise InvalidCandles(
            f"{problem.candles.symbol} cannot be judged, since the result of holding it is too large "
            "to measure: look for prices that are wrong by orders of magnitude"
        ) from error
