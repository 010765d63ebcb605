"""How live bots fare beside the replays of their genomes."""

from threading import Lock

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.finding_gauges import FindingGauges
from genepool.adapters.prometheus.instruments import gauge
from genepool.ports import Event, LiveCompared
from genepool.robustness.live_band import BandPlace


class LiveMetrics:
    """``Watcher`` that exports what jobs found of live records, the last of each run.

    No label holds a run: the lowest quantile speaks for all, and the job tells whose it is.

    Parameters
    ----------
    registry
        Where the metrics are exported.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._runs = gauge(registry, "live_runs")
        self._quantile = FindingGauges(registry, ("live_quantile",))
        self._gap = gauge(registry, "live_gap_ratio")
        self._last: dict[str, LiveCompared] = {}
        self._lock = Lock()

    def __call__(self, event: Event) -> None:
        """Show what a job compared."""
        if isinstance(event, LiveCompared):
            with self._lock:
                self._last[event.run] = event
                self._show()

    def _show(self) -> None:
        found = self._last.values()
        for place in BandPlace:
            self._runs.labels(place).set(sum(one.place == place for one in found))
        worst = min(found, key=lambda one: one.quantile)
        self._quantile.learn(live_quantile=worst.quantile)
        for cause, part in worst.parts.items():
            self._gap.labels(cause).set(part)
