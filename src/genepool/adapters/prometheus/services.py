"""How the services that the coordinator leans on are doing, as it sees them."""

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.findings import Findings
from genepool.adapters.prometheus.instruments import counter, gauge, histogram
from genepool.ports import CacheAnswer, CacheStage, Hindrance, StoreStage


class ServiceMetrics:
    """``ServiceWatcher`` that exports what it is told.

    Parameters
    ----------
    registry
        Where the metrics are exported.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._reachable = Findings(registry, ("cache_up", "database_up"))
        self._lookups = counter(registry, "cache_lookups_total")
        self._cache_seconds = histogram(registry, "cache_seconds")
        self._store_seconds = histogram(registry, "database_seconds")
        self._journal_generations = gauge(registry, "journal_generations")
        self._journal_bytes = gauge(registry, "journal_bytes")
        self._fenced = counter(registry, "fenced_writes_total")
        self._grafana_failures = counter(registry, "grafana_failures_total")

    def cache_answered(self, answer: CacheAnswer, count: int) -> None:
        """Count lookups."""
        self._lookups.labels(answer).inc(count)

    def cache_took(self, stage: CacheStage, seconds: float) -> None:
        """Time a round trip."""
        self._cache_seconds.labels(stage).observe(seconds)

    def cache_reachable(self, reachable: bool) -> None:
        """Show whether the cache is used."""
        self._reachable.learn(cache_up=reachable)

    def store_took(self, stage: StoreStage, seconds: float) -> None:
        """Time a transaction."""
        self._store_seconds.labels(stage).observe(seconds)

    def store_reachable(self, reachable: bool) -> None:
        """Show whether the history answers."""
        self._reachable.learn(database_up=reachable)

    def hindered(self, by: Hindrance, reason: str | None) -> None:
        """Pass over it: what is away has a metric of its own."""

    def journal_holds(self, generations: int, size: int) -> None:
        """Show what the history has yet to be told, and its size in bytes."""
        self._journal_generations.set(generations)
        self._journal_bytes.set(size)

    def fenced(self) -> None:
        """Count a refused write."""
        self._fenced.inc()

    def grafana_failed(self) -> None:
        """Count a call of Grafana that failed."""
        self._grafana_failures.inc()
