"""A search whose every evaluation is kept: what checks, ledgers and effective numbers ask for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.pool.null_search import SearchFold, whole_search
from genepool.pool.planning import Plan, RunRequest, plan
from genepool.pool.variants import Variants
from genepool.ports import BatchFinished, Evaluator
from genepool.robustness.checks import Variant

# So many trials, evenly chosen, tell how many of them are independent.
_SAMPLED = 60


class Noting:
    """``Evaluator`` that keeps what another one found.

    Parameters
    ----------
    evaluator
        The other one.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.evaluations: dict[str, Evaluation] = {}

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        """Return what the other one found."""
        found = self._evaluator.evaluate(problem, genomes, batch_finished)
        self.evaluations.update((one.genome.fingerprint, one) for one in found)
        return found

    def close(self) -> None:
        """Leave the other one open."""


@dataclass(frozen=True, eq=False, slots=True)
class Searched:
    """A run of the calibration.

    Parameters
    ----------
    plan
        What was searched.
    fold
        Its champion, and the figures that nulls are compared by.
    evaluations
        Of all genomes, by fingerprint.
    """

    plan: Plan
    fold: SearchFold
    evaluations: dict[str, Evaluation]

    @property
    def figures(self) -> Mapping[str, float | None]:
        """Every statistic of the search by name."""
        return self.fold.figures(self.plan.problem.candles_per_year)


def searched(
    candles: Candles, costs: CostModel, settings: EvolutionSettings, seed: int, evaluator: Evaluator
) -> Searched:
    """Search a market with all seeds that can take part, split and objective as usual.

    Raises
    ------
    HistoryTooShort
        When the candles do not suffice.
    """
    rules = SplitRule(), costs, settings, "sharpe"
    planned = plan(candles, RunRequest("calibration", seed, candles.symbol, "all", None, *rules))
    noting = Noting(evaluator)
    fold = whole_search(planned.problem, planned.strategies, settings, seed, noting, lambda: False)
    return Searched(planned, fold, noting.evaluations)


def effective_trials(evaluations: Iterable[Evaluation], variants: Variants) -> float:
    """Return how many independent trials some of these trials look like: the entropy rank of their returns.

    Roy and Vetterli ("The effective rank", EUSIPCO 2007): the exponential of the entropy of the eigenvalues
    of the correlation matrix, each divided by their sum. At least 1.

    Parameters
    ----------
    evaluations
        All trials; 60 of them, evenly chosen from those that scored, are traded again.
    variants
        Trades them on the problem that they were scored against.
    """
    scored = [one.genome for one in evaluations if one.scored is not None]
    places = np.unique(np.linspace(0, len(scored) - 1, min(_SAMPLED, len(scored))).astype(int))
    played = (variants(Variant(scored[place])) for place in places.tolist())
    returns = [one.returns for one in played if one is not None and np.ptp(one.returns) > 0.0]
    if len(returns) < 2:  # noqa: PLR2004 - one has no correlation
        return 1.0
    shares = np.clip(np.linalg.eigvalsh(np.corrcoef(returns)), 1e-12, None)
    shares /= shares.sum()
    return float(np.exp(-np.sum(shares * np.log(shares))))
