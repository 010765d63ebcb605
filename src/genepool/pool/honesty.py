"""How a run's champion compares with luck, generation by generation."""

from collections.abc import Callable
from functools import cached_property

from genepool.backtest.problem import Problem
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState
from genepool.market.measures import Measures
from genepool.pool.judging import buy_and_hold
from genepool.robustness.luck import Evidence, weigh


class HonestyMeter:
    """``Telemetry`` that weighs the champion whenever a generation is over.

    Parameters
    ----------
    problem
        What genomes are scored against.
    trials
        Unique genomes tried on the data before this session.
    report
        Told of the evidence.
    """

    def __init__(self, problem: Problem, trials: int, report: Callable[[Evidence], None]) -> None:
        self._problem = problem
        self._trials = trials
        self._report = report
        self._champion: Individual | None = None

    def run_started(self, spec: RunSpec, population: Population | None) -> None:  # noqa: ARG002 - the port's
        """Begin with the champion of a recorded population."""
        for individual in population.individuals if population else ():
            self._challenge(individual)

    def batch_finished(self, done: int, asked: int) -> None:
        """Pass over it."""

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:  # noqa: ARG002 - the port's
        """Weigh whoever is best now; what the cache knew was counted when it was first tried."""
        self._trials += len(record.newborn) - record.cache_hits
        for individual in record.newborn:
            self._challenge(individual)
        if self._champion is None or (scored := self._champion.evaluation.scored) is None:
            return
        per_year = self._problem.candles_per_year
        self._report(weigh(scored.walk_forward, self._hold, max(1, self._trials), per_year))

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:
        """Pass over it."""

    def run_finished(self, spec: RunSpec, state: RunState) -> None:
        """Pass over it."""

    @cached_property
    def _hold(self) -> Measures:
        return buy_and_hold(self._problem)[1]

    def _challenge(self, individual: Individual) -> None:
        score = individual.evaluation.selection_score
        held = self._champion.evaluation.selection_score if self._champion else None
        if score is not None and (held is None or score > held):
            self._champion = individual
