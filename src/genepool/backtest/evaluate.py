"""Score genomes on a problem, many at a time: a batch shares every indicator row."""

import math
from collections.abc import Sequence

import numpy as np

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.backtest.measuring import fold_results, measures_of
from genepool.backtest.problem import Problem
from genepool.backtest.venue import Venue
from genepool.errors import ConfigError, DataError, HistoryTooShort
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.measures import Measures
from genepool.objectives import Objective, objectives
from genepool.strategies import seed_strategies
from genepool.strategies._overlay import traded_exposure


def evaluate_batch(
    problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank | None = None
) -> list[Evaluation]:
    """Score genomes on a problem.

    A genome scores the same bits alone or in any batch. One that cannot be evaluated comes back as a
    failed evaluation; it never spoils its neighbours.

    Parameters
    ----------
    problem
        Visible candles, spans, costs and objective.
    genomes
        Who is to be scored.
    bank
        Indicator rows of the problem's candles kept from an earlier batch; None to start cold.

    Returns
    -------
    list of Evaluation
        One per genome, in the order asked.

    Raises
    ------
    ConfigError
        When there is no objective of the problem's name.
    """
    if problem.objective not in objectives():
        names = ", ".join(objectives())
        raise ConfigError(f"there is no objective {problem.objective!r}: choose from {names}")
    desk = _Desk(problem, bank or IndicatorBank(problem.candles), objectives()[problem.objective])
    # Genomes of one strategy follow each other, so that the rows they share are still in the bank.
    order = sorted(range(len(genomes)), key=lambda k: genomes[k].strategy)
    results = {k: desk.evaluate(genomes[k]) for k in order}
    return [results[k] for k in range(len(genomes))]


class _Desk:
    """Scores one genome after another on one problem."""

    def __init__(self, problem: Problem, bank: IndicatorBank, objective: Objective) -> None:
        self._problem = problem
        self._bank = bank
        self._objective = objective
        self._venue = Venue(bank, problem.costs)
        self._bred = np.array([problem.in_sample], dtype=np.int64)
        self._walked = np.array(problem.folds, dtype=np.int64)
        self._per_year = problem.candles_per_year

    def evaluate(self, genome: Genome) -> Evaluation:
        try:
            return Evaluation(genome, self._score(genome))
        except (DataError, ArithmeticError) as error:
            return Evaluation(genome, None, str(error))
        except Exception as error:  # noqa: BLE001 - whatever one genome does, the others go on
            # Only the kind of error: its text may hold paths, and may differ from machine to machine.
            return Evaluation(genome, None, f"{genome.strategy} broke off with {type(error).__name__}")

    def _score(self, genome: Genome) -> Scored:
        genes, problem = genome.values, self._problem
        strategy = seed_strategies()[genome.strategy]
        needed, visible = strategy.total_lookback(genes), problem.in_sample[1] - problem.in_sample[0]
        if visible <= needed:
            raise HistoryTooShort(
                f"insufficient data: {genome.strategy} needs more than {needed} in-sample candles "
                f"with these genes and there are {visible}"
            )
        wanted = traded_exposure(strategy, self._bank, genes, problem.costs.max_leverage)
        distances = genes["atr_stop"], genes["atr_target"]
        bred = self._venue.trade(wanted, self._bred, *distances)
        walked = self._venue.trade(wanted, self._walked, *distances)
        in_sample = measures_of(bred[-1], self._per_year)
        walk_forward = measures_of(walked[-1], self._per_year)
        scores, walk_forward_scores = self._scores(in_sample), self._scores(walk_forward)
        return Scored(
            scores, walk_forward_scores, in_sample, walk_forward, *fold_results(walked, self._per_year)
        )

    def _scores(self, measures: Measures) -> tuple[float, ...]:
        scores = self._objective.score(measures)
        if not all(math.isfinite(score) for score in scores):
            raise ArithmeticError(
                f"objective {self._objective.name} gave a score that is not a finite number"
            )
        return scores
