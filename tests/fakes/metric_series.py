"""The series of a metric, as Prometheus has them."""

from genepool.adapters.prometheus.metric import Metric


def series_of(metric: Metric) -> tuple[str, ...]:
    """Return the names that a query may ask for."""
    if metric.kind != "histogram":
        return (metric.name,)
    return (f"{metric.name}_bucket", f"{metric.name}_sum", f"{metric.name}_count")
