"""What the workers do, counted where their answers are accepted: in the coordinator, exactly once."""

from collections import Counter
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.cost import CostMeter
from genepool.adapters.prometheus.crew import CrewMetrics, Departures, Node
from genepool.adapters.prometheus.instruments import counter, gauge, histogram
from genepool.ports import (
    BatchEvaluated,
    BatchRetried,
    Clock,
    CrewChanged,
    Event,
    GenomeQuarantined,
    NodesMeasured,
    QueueChanged,
    Seat,
)

_RESULTS = ("ok", "failed")


class WorkMetrics:
    """``Watcher`` that exports what happens to the work.

    Parameters
    ----------
    registry
        Where the metrics are exported.
    clock
        Tells how long machines are gone.
    cost
        Charges for seats.
    strategies
        Names of those that may run: their counters begin at 0.
    """

    def __init__(
        self, registry: CollectorRegistry, clock: Clock, cost: CostMeter, strategies: Sequence[str]
    ) -> None:
        self._strategies = tuple(strategies)
        self._cost = cost
        self._crew = CrewMetrics(registry)
        self._departures = Departures(clock)
        self._evaluations = counter(registry, "evaluations_total")
        self._genome_seconds = histogram(registry, "evaluation_seconds")
        self._work = counter(registry, "work_seconds_total")
        self._overhead = counter(registry, "dispatch_overhead_seconds_total")
        self._batches = counter(registry, "batches_total")
        self._queue = gauge(registry, "queue_genomes")
        self._retries = counter(registry, "retries_total")
        self._quarantines = counter(registry, "quarantines_total", strategy=strategies)

    def __call__(self, event: Event) -> None:
        """Count and show what happens to the work."""
        match event:
            case BatchEvaluated():
                self._count(event)
            case BatchRetried(reason):
                self._retries.labels(reason).inc()
            case GenomeQuarantined(strategy):
                self._quarantines.labels(strategy).inc()
            case CrewChanged(seats):
                self._show_crew(seats)
            case NodesMeasured(nodes):
                self._crew.show_use(nodes)
            case QueueChanged(waiting, running):
                self._queue.labels("waiting").set(waiting)
                self._queue.labels("running").set(running)

    def _count(self, batch: BatchEvaluated) -> None:
        node = batch.node, batch.worker_kind
        results = Counter(
            (one.genome.strategy, "failed" if one.scored is None else "ok") for one in batch.evaluations
        )
        for (strategy, result), count in results.items():
            self._evaluations.labels(strategy, *node, result).inc(count)
        if batch.evaluations:
            mean = batch.compute_seconds / len(batch.evaluations)
            self._genome_seconds.labels(batch.worker_kind).observe(mean)
        self._work.labels(*node).inc(batch.compute_seconds)
        # Two machines' clocks may make the overhead of a short batch look negative.
        self._overhead.labels(*node).inc(max(0.0, batch.turnaround_seconds - batch.compute_seconds))
        self._batches.labels(*node).inc()

    def _show_crew(self, seats: Sequence[Seat]) -> None:
        """Show the workers; begin the counters of new machines, and drop those of long gone ones."""
        self._cost.charge(seats)
        here = self._crew.show(seats)
        for node in here:
            self._begin(node)
        for node in self._departures.overdue(here):
            self._end(node)

    def _begin(self, node: Node) -> None:
        for instrument in (self._work, self._overhead, self._batches):
            instrument.labels(*node)
        for strategy in self._strategies:
            for result in _RESULTS:
                self._evaluations.labels(strategy, *node, result)

    def _end(self, node: Node) -> None:
        labels = dict(zip(("node", "worker_kind"), node, strict=True))
        for instrument in (self._work, self._overhead, self._batches, self._evaluations):
            instrument.remove_by_labels(labels)
