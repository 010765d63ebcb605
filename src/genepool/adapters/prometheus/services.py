"""How the services that the coordinator needs are doing, as it sees them."""

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.finding_gauges import FindingGauges
from genepool.adapters.prometheus.instruments import counter, gauge, histogram
from genepool.ports import (
    AnnotationLost,
    CacheAnswered,
    CacheReachable,
    CacheTook,
    Event,
    JournalHolds,
    StoreReachable,
    StoreTook,
    WriteRefused,
)


class ServiceMetrics:
    """``Watcher`` that exports how the services fare.

    Parameters
    ----------
    registry
        Where the metrics are exported.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._reachable = FindingGauges(registry, ("cache_up", "database_up"))
        self._lookups = counter(registry, "cache_lookups_total")
        self._cache_seconds = histogram(registry, "cache_seconds")
        self._store_seconds = histogram(registry, "database_seconds")
        self._journal_generations = gauge(registry, "journal_generations")
        self._journal_bytes = gauge(registry, "journal_bytes")
        self._fenced = counter(registry, "fenced_writes_total")
        self._grafana_failures = counter(registry, "grafana_failures_total")

    def __call__(self, event: Event) -> None:
        """Count, time and show how the services fare."""
        match event:
            case CacheAnswered() | CacheTook() | CacheReachable():
                self._show_cache(event)
            case StoreTook(stage, seconds):
                self._store_seconds.labels(stage).observe(seconds)
            case StoreReachable(reachable):
                self._reachable.learn(database_up=reachable)
            case JournalHolds(generations, size):
                self._journal_generations.set(generations)
                self._journal_bytes.set(size)
            case WriteRefused():
                self._fenced.inc()
            case AnnotationLost():
                self._grafana_failures.inc()

    def _show_cache(self, event: CacheAnswered | CacheTook | CacheReachable) -> None:
        match event:
            case CacheAnswered(answer, count):
                self._lookups.labels(answer).inc(count)
            case CacheTook(stage, seconds):
                self._cache_seconds.labels(stage).observe(seconds)
            case CacheReachable(reachable):
                self._reachable.learn(cache_up=reachable)
