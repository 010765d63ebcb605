"""What a scrape is answered with."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric


def exposition(registry: CollectorRegistry) -> bytes:
    """Return all metrics of a registry in Prometheus' text format 0.0.4."""
    return generate_latest(_Unborn(registry))


class _Unborn:
    """A registry without the ``_created`` series: a third more series that nobody asks for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for family in self._registry.collect():
            family.samples = [one for one in family.samples if one.name != f"{family.name}_created"]
            yield family
