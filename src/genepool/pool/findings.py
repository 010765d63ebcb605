"""What one pass over a run's generations finds: all that shows a run, whatever its length."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby

from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord
from genepool.pool.births import Births
from genepool.pool.curves import Curve
from genepool.pool.ranking import Ranking, RankingFold
from genepool.robustness.luck import BestSoFar, LuckPoint, luck_points


class Findings:
    """A fold over a run's generations, in order; ask it when all of them were taken.

    It holds the leaderboard's first places, points of the curves and some forty bytes of each birth.
    """

    def __init__(self) -> None:
        self.births = Births()
        self.failures: Counter[str | None] = Counter()
        self.curve = Curve()
        self.generations = 0
        self._ranking = RankingFold(self.births)
        self._best = BestSoFar()

    def take(self, record: GenerationRecord) -> None:
        """Add the next generation."""
        generation = record.population.generation
        for individual in record.newborn:
            scored = individual.evaluation.scored
            self.births.take(generation, individual)
            self._best.take(scored.in_sample.sharpe if scored else None)
            if scored is None:
                self.failures[individual.evaluation.error] += 1
            self.generations = 1 + generation
        self._ranking.take(record.newborn)
        if record.population.individuals:
            self.curve.take(record.population)

    @cached_property
    def ranking(self) -> Ranking:
        """Its leaderboard."""
        return self._ranking.result()

    @property
    def champion(self) -> Individual | None:
        """First of the leaderboard."""
        return self.ranking.board[0] if self.ranking.board else None

    def luck(self, years: float) -> tuple[LuckPoint, ...]:
        """Return the luck curve of the in-sample Sharpe ratio.

        Parameters
        ----------
        years
            Length of the in-sample span.
        """
        steps = [(self.births.genomes_until(place), best) for place, best in self._best.steps]
        return luck_points(steps, self.births.genomes, years)


def found_in(records: Iterable[GenerationRecord]) -> Findings:
    """Return what a pass over a run's generations finds."""
    findings = Findings()
    for record in records:
        findings.take(record)
    return findings


def births_alone(individuals: Iterable[Individual]) -> Iterator[GenerationRecord]:
    """Yield what is left of a pruned run, in the order asked, as generations without a population."""
    for generation, newborn in groupby(individuals, lambda one: one.born):
        yield GenerationRecord(Population(generation, ()), tuple(newborn), 0.0)
