"""How a run's champion compares with luck, generation by generation."""

from collections.abc import Callable
from functools import cached_property

from genepool.backtest.problem import Problem
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState, champion_of
from genepool.pool.judging import better, constant_positions
from genepool.robustness.luck import Evidence, Held, weigh


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

    def run_started(
        self,
        spec: RunSpec,  # noqa: ARG002 - the port's
        population: Population | None,  # noqa: ARG002 - the port's
        champion: Individual | None = None,
    ) -> None:
        """Begin with the champion of what is recorded."""
        self._champion = champion

    def batch_finished(self, done: int, asked: int) -> None:
        """Pass over it."""

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:  # noqa: ARG002 - the port's
        """Weigh whoever is best now; what the cache knew was counted when it was first tried."""
        self._trials += len(record.newborn) - record.cache_hits
        self._champion = champion_of(self._champion, record.newborn)
        if self._champion is None or (scored := self._champion.evaluation.scored) is None:
            return
        per_year = self._problem.candles_per_year
        self._report(weigh(scored, self._benchmark, max(1, self._trials), per_year))

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:
        """Pass over it."""

    def run_finished(self, spec: RunSpec, state: RunState) -> None:
        """Pass over it."""

    @cached_property
    def _benchmark(self) -> Held:
        return better(*constant_positions(self._problem))
