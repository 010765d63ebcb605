"""Score genomes on a problem: problem, indicator rows, costs and objective put together once."""

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import numpy as np

from genepool.backtest.account import EQUITY_ROW
from genepool.backtest.evaluation import Evaluation, Scored
from genepool.backtest.held_returns import HeldSpans
from genepool.backtest.measuring import fold_results, measures_of
from genepool.backtest.overlay import traded_exposure
from genepool.backtest.problem import Problem
from genepool.backtest.replay import first_peek
from genepool.backtest.venue import Venue
from genepool.errors import ConfigError, DataError, HistoryTooShort, LooksAhead
from genepool.genome import Genome, is_own
from genepool.indicators.bank import DEFAULT_BUDGET, IndicatorBank
from genepool.market.candles import FloatArray, IntArray
from genepool.market.measures import Measures
from genepool.objectives import kept_apart, objectives


class Scores(Protocol):
    """What a worker keeps of a problem between its batches."""

    @property
    def held_bytes(self) -> int:
        """Bytes of the indicator rows that it keeps."""
        ...

    def evaluate(self, genomes: Sequence[Genome]) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked."""
        ...


# How a worker scores the genomes of a problem; workers import it by its name.
MakeScorer: TypeAlias = Callable[[Problem], Scores]


class Scorer:
    """Scores genomes on one problem; genomes of any batch share every indicator row.

    Parameters
    ----------
    problem
        Visible candles, spans, costs and objective.
    bank
        Indicator rows of the problem's candles; None for an empty one.

    Raises
    ------
    ConfigError
        When there is no objective of the problem's name.
    """

    def __init__(self, problem: Problem, bank: IndicatorBank | None = None) -> None:
        if problem.objective not in objectives():
            names = ", ".join(objectives())
            raise ConfigError(f"there is no objective {problem.objective!r}: choose from {names}")
        self._problem = problem
        self._bank = bank or IndicatorBank(problem.candles)
        self._objective = objectives()[problem.objective]
        self._venue = Venue(self._bank, problem.costs)
        self._bred = np.array([problem.in_sample], dtype=np.int64)
        self._walked = np.array(problem.folds, dtype=np.int64)
        self._per_year = problem.candles_per_year
        held = problem.held
        self._held_bred = None if held is None else HeldSpans(held, self._bred)
        self._held_walked = None if held is None else HeldSpans(held, self._walked)

    @property
    def held_bytes(self) -> int:
        """Bytes of the indicator rows that it keeps."""
        return self._bank.held_bytes

    def evaluate(self, genomes: Sequence[Genome]) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        A genome scores the same bits alone or in any batch. One that cannot be evaluated comes back as
        a failed evaluation; it never spoils its neighbours. So does one of a user's own strategy that is
        caught seeing the future.
        """
        # Genomes of one strategy follow each other, so that the rows they share are still in the bank.
        order = sorted(range(len(genomes)), key=lambda k: genomes[k].strategy)
        results = {k: self._evaluate(genomes[k]) for k in order}
        return [results[k] for k in range(len(genomes))]

    def _evaluate(self, genome: Genome) -> Evaluation:
        try:
            return Evaluation(genome, self._score(genome))
        except (DataError, ArithmeticError, LooksAhead) as error:
            return Evaluation(genome, None, str(error))
        except Exception as error:  # noqa: BLE001 - whatever one genome does, the others are evaluated
            # Only the kind of error: its text may hold paths, and may differ from machine to machine.
            return Evaluation(genome, None, f"{genome.strategy} broke off with {type(error).__name__}")

    def _score(self, genome: Genome) -> Scored:
        genes, problem = genome.values, self._problem
        strategy = problem.strategies[genome.strategy]
        needed, visible = strategy.total_lookback(genes), problem.in_sample[1] - problem.in_sample[0]
        if visible <= needed:
            raise HistoryTooShort(
                f"insufficient data: {genome.strategy} needs more than {needed} in-sample candles "
                f"with these genes and there are {visible}"
            )
        if is_own(genome.strategy) and first_peek(strategy, genome, problem.candles) is not None:
            raise LooksAhead(f"{genome.strategy} sees the future with these genes")
        wanted = traded_exposure(strategy, self._bank, genes, problem.costs.max_leverage)
        distances = genes["atr_stop"], genes["atr_target"]
        bred, doubled = self._traded(wanted, self._bred, distances, self._held_bred)
        walked, doubled_later = self._traded(wanted, self._walked, distances, self._held_walked)
        in_sample = measures_of(bred[-1], self._per_year)
        walk_forward = measures_of(walked[-1], self._per_year)
        scores = self._scores(in_sample, doubled)
        walk_forward_scores = self._scores(walk_forward, doubled_later)
        return Scored(
            scores, walk_forward_scores, in_sample, walk_forward, *fold_results(walked, self._per_year)
        )

    def _traded(
        self, wanted: FloatArray, spans: IntArray, distances: tuple[float, float], held: HeldSpans | None
    ) -> tuple[FloatArray, float]:
        """Return the account after each span, and the correlation with the closest held champion."""
        if held is None:
            return self._venue.trade(wanted, spans, *distances), -1.0
        recording = self._venue.record(wanted, spans, *distances)
        return recording.outcomes, held.closest(recording.curve[EQUITY_ROW])

    def _scores(self, measures: Measures, correlation: float) -> tuple[float, ...]:
        scores = self._objective.score(measures)
        if self._problem.held is not None:
            scores = kept_apart(scores, correlation, self._problem.held.limit)
        if not all(math.isfinite(score) for score in scores):
            raise ArithmeticError(
                f"objective {self._objective.name} gave a score that is not a finite number"
            )
        return scores


class WarmScorers:
    """The scorers of the problems that a worker was asked for last, with the indicator rows that they keep.

    Parameters
    ----------
    budget
        Bytes of rows beyond which the scorers unused for longest go; the one used last always stays.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self._budget = budget
        self._scorers: OrderedDict[str, Scores] = OrderedDict()

    def __len__(self) -> int:
        return len(self._scorers)

    def scorer(self, problem: str, make: Callable[[], Scores]) -> Scores:
        """Return the scorer of a problem, given by its digest; make it where it is not kept."""
        found = self._scorers.pop(problem, None) or make()
        self._scorers[problem] = found
        while len(self._scorers) > 1 and self._held_bytes() > self._budget:
            self._scorers.popitem(last=False)
        return found

    def forget(self) -> None:
        """Let go of all of them."""
        self._scorers.clear()

    def _held_bytes(self) -> int:
        return sum(scorer.held_bytes for scorer in self._scorers.values())
