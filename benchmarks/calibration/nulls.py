"""Null searches of a run, as many as can still change what is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.calibration.searching import Searched
from genepool.history import NullSearch
from genepool.pool.null_search import null_search
from genepool.ports import Evaluator
from genepool.robustness.null_markets import null_markets
from genepool.robustness.null_test import as_good, is_rare, p_value
from genepool.robustness.search_statistics import STATISTICS

Figures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many nulls a run has.

    Parameters
    ----------
    count
        At most.
    generator
        How their markets are made.
    searches
        Runs that searched the market: Holm's rule multiplies the p-value of the best by them.
    statistics
        Which of the statistics are asked.
    """

    count: int
    generator: str
    searches: int = 1
    statistics: Sequence[str] = tuple(STATISTICS)

    @property
    def enough(self) -> int:
        """So many nulls as good as the run, and it is not rare among any that are left."""
        return next(
            reached
            for reached in range(self.count + 2)
            if not is_rare(self.searches * p_value(reached, self.count))
        )


@dataclass(frozen=True, slots=True)
class Stood:
    """How a run stands among its nulls by one statistic.

    Parameters
    ----------
    reached
        Nulls that are as good, until the last that was looked at.
    looked_at
        How many nulls those are.
    p_value
        (1 + reached) / (1 + count); where the h-th null that is as good settled it, h / looked_at, and no
        less than all nulls could have made of it.
    """

    reached: int
    looked_at: int
    p_value: float


def made_nulls(run: Searched, asked: Asked, evaluator: Evaluator) -> list[NullSearch]:
    """Make nulls until there are enough, or every statistic that is asked is settled.

    Besag and Clifford ("Sequential Monte Carlo p-values", Biometrika 78, 1991). What is settled cannot
    become rare, so that what is believed is what all nulls would have said.
    """
    own, settings = run.figures, run.plan.spec.settings
    draw = null_markets()[asked.generator].prepare(run.plan.problem.candles)
    nulls: list[NullSearch] = []
    for number in range(1, asked.count + 1):
        one = null_search(run.plan, settings, "", draw, asked.generator, number, evaluator, lambda: False)
        nulls.append(one)
        if all(_reached(own, nulls, name) >= asked.enough for name in asked.statistics):
            break
    return nulls


def stood(own: Figures, nulls: Sequence[Figures], asked: Asked, statistic: str) -> Stood:
    """Return how a run stands among nulls in the order made; a settled statistic looks at no more of them."""
    reached = 0
    for number, null in enumerate(nulls, 1):
        reached += as_good(own[statistic], [null[statistic]])
        if reached >= asked.enough:
            return Stood(reached, number, max(reached / number, p_value(reached, asked.count)))
    return Stood(reached, len(nulls), p_value(reached, len(nulls)))


def rare(one: Stood, asked: Asked) -> bool:
    """Tell whether chance rarely finds as much, for as many searches of the market."""
    return is_rare(asked.searches * one.p_value)


def _reached(own: Figures, nulls: Sequence[NullSearch], statistic: str) -> int:
    return as_good(own[statistic], [one.figures[statistic] for one in nulls])
