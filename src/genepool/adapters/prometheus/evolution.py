"""How a run is going: its state, its generations, and what the newest population looks like."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.catalogue import RUN_STATES
from genepool.adapters.prometheus.diversity import diversity
from genepool.adapters.prometheus.finding_gauges import FindingGauges
from genepool.adapters.prometheus.instruments import counter, gauge, histogram
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec
from genepool.ports import (
    Event,
    GenerationAdvanced,
    GenerationFinished,
    RunEnded,
    RunStarted,
    StopRequested,
)

_NOBODY = Population(-1, ())


class EvolutionMetrics:
    """``Watcher`` that exports what happens to runs; of two runs, only the newer one is shown.

    Parameters
    ----------
    registry
        Where the metrics are exported.
    honesty
        What is known of the champion: nothing any more when a run starts.
    strategies
        Names of those that may run.
    """

    def __init__(
        self, registry: CollectorRegistry, honesty: FindingGauges, strategies: Sequence[str]
    ) -> None:
        self._honesty = honesty
        self._strategies = frozenset(strategies)
        self._active = gauge(registry, "run_active")
        self._state = gauge(registry, "run_state")
        self._generation = gauge(registry, "generation")
        self._target = gauge(registry, "generations_target")
        self._generations = counter(registry, "generations_total")
        self._genomes = gauge(registry, "generation_genomes")
        self._duration = histogram(registry, "generation_duration_seconds")
        self._last = gauge(registry, "last_generation_timestamp_seconds")
        self._fitness = gauge(registry, "fitness")
        self._size = gauge(registry, "population_size")
        self._diversity = gauge(registry, "population_diversity_ratio")
        self._shares = gauge(registry, "species_share_ratio", strategy=strategies)
        self._failed = gauge(registry, "failed_individuals")
        self._show_population(_NOBODY)
        self._show_state("idle")

    def __call__(self, event: Event) -> None:
        """Show what happens to a run."""
        match event:
            case RunStarted(spec, population):
                self._start(spec, population)
            case GenerationAdvanced(done, asked):
                self._show_progress(done, asked)
            case GenerationFinished(record=record):
                self._show_generation(record)
            case StopRequested():
                self._show_state("stopping")
            case RunEnded(state=state):
                self._show_state(state)
                self._show_progress(0, 0)

    def _start(self, spec: RunSpec, population: Population | None) -> None:
        """Show a run from its newest generation on, or from nothing."""
        self._honesty.forget()
        self._strategies |= set(spec.strategies)
        self._target.set(spec.settings.generations)
        self._show_population(population or _NOBODY)
        self._failed.set(0)
        self._show_progress(0, 0)
        self._last.set_to_current_time()
        self._show_state("running")

    def _show_progress(self, done: int, asked: int) -> None:
        self._genomes.labels("done").set(done)
        self._genomes.labels("asked").set(asked)

    def _show_generation(self, record: GenerationRecord) -> None:
        self._show_population(record.population)
        self._failed.set(sum(one.evaluation.scored is None for one in record.newborn))
        self._duration.observe(record.seconds)
        self._generations.inc()
        self._last.set_to_current_time()
        self._show_progress(0, 0)

    def _show_state(self, state: str) -> None:
        self._active.set(state in {"running", "stopping"})
        for known in RUN_STATES:
            self._state.labels(known).set(known == state)

    def _show_population(self, population: Population) -> None:
        members = population.individuals
        self._generation.set(population.generation + 1)
        self._size.set(len(members))
        self._diversity.set(diversity(one.genome for one in members))
        self._show_fitness([one.fitness for one in members if one.fitness is not None])
        counts = Counter(one.genome.strategy for one in members)
        for strategy in self._strategies | counts.keys():
            self._shares.labels(strategy).set(counts[strategy] / len(members) if members else 0.0)

    def _show_fitness(self, scores: list[float]) -> None:
        if not scores:
            self._fitness.clear()
            return
        self._fitness.labels("best").set(max(scores))
        self._fitness.labels("median").set(median(scores))
        self._fitness.labels("worst").set(min(scores))
