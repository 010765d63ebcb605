"""How a run's champion compares with luck, generation by generation."""

from functools import cached_property

from genepool.backtest.problem import Problem
from genepool.evolution.population import Individual
from genepool.history import GenerationRecord, champion_of
from genepool.pool.judging import better, constant_positions
from genepool.ports import ChampionWeighed, Event, GenerationFinished, RunStarted, Watcher
from genepool.robustness.luck import HeldBenchmark, weigh


class HonestyMeter:
    """``Watcher`` that weighs the champion whenever a generation is over.

    Parameters
    ----------
    problem
        What genomes are scored against.
    trials
        Unique genomes tried on the data before this session.
    watcher
        Told of the evidence.
    """

    def __init__(self, problem: Problem, trials: int, watcher: Watcher) -> None:
        self._problem = problem
        self._trials = trials
        self._watcher = watcher
        self._champion: Individual | None = None

    def __call__(self, event: Event) -> None:
        """Begin with the recorded champion, and weigh the best after each generation."""
        match event:
            case RunStarted(champion=champion):
                self._champion = champion
            case GenerationFinished(record=record):
                self._weigh(record)

    def _weigh(self, record: GenerationRecord) -> None:
        # What the cache knew was counted when it was first tried.
        self._trials += len(record.newborn) - record.cache_hits
        self._champion = champion_of(self._champion, record.newborn)
        if self._champion is None or (scored := self._champion.evaluation.scored) is None:
            return
        per_year = self._problem.candles_per_year
        evidence = weigh(scored, self._benchmark, max(1, self._trials), per_year)
        self._watcher(ChampionWeighed(evidence))

    @cached_property
    def _benchmark(self) -> HeldBenchmark:
        return better(*constant_positions(self._problem))
