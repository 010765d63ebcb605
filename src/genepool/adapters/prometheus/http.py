"""How the service answers, and how its jobs fare."""

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.instruments import counter, gauge, histogram
from genepool.ports import Event, JobEnded, JobsCounted, ListenersCounted, RequestAnswered


class HttpMetrics:
    """``Watcher`` that exports requests, listeners and jobs.

    Parameters
    ----------
    registry
        Where the metrics are exported.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = counter(registry, "http_requests_total")
        self._seconds = histogram(registry, "http_request_seconds")
        self._listeners = gauge(registry, "http_listeners")
        self._jobs = gauge(registry, "jobs")
        self._ended = counter(registry, "jobs_ended_total")

    def __call__(self, event: Event) -> None:
        """Count and time what the service does for others."""
        match event:
            case RequestAnswered(route, status, seconds):
                self._requests.labels(route, status).inc()
                if seconds is not None:
                    self._seconds.labels(route).observe(seconds)
            case ListenersCounted(listeners):
                self._listeners.set(listeners)
            case JobEnded(kind, end):
                self._ended.labels(kind, end).inc()
            case JobsCounted(queued, running):
                self._jobs.labels("queued").set(queued)
                self._jobs.labels("running").set(running)
