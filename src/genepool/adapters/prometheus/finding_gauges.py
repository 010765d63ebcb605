"""Gauges without labels that are absent until something is known."""

from collections.abc import Iterable
from threading import Lock

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily

from genepool.adapters.prometheus.catalogue import BY_NAME, PREFIX


class FindingGauges:
    """Some gauges of the catalogue; a plain gauge would claim a Sharpe ratio of 0 before there is one.

    Parameters
    ----------
    registry
        Where they are exported.
    names
        Their names without the prefix.
    """

    def __init__(self, registry: CollectorRegistry, names: Iterable[str]) -> None:
        self._lock = Lock()
        self._known: dict[str, float | None] = dict.fromkeys(names)
        registry.register(self)

    def learn(self, **values: float | None) -> None:
        """Set gauges, by name; None makes one absent again."""
        with self._lock:
            self._known.update(values)

    def forget(self) -> None:
        """Make all of them absent."""
        with self._lock:
            self._known = dict.fromkeys(self._known)

    def describe(self) -> list[GaugeMetricFamily]:
        """Return the gauges without values, so that the registry refuses a second one of that name."""
        return [GaugeMetricFamily(PREFIX + name, BY_NAME[PREFIX + name].help) for name in self._known]

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the gauges, those that are known with their value."""
        with self._lock:
            known = dict(self._known)
        return [
            GaugeMetricFamily(PREFIX + name, BY_NAME[PREFIX + name].help, value)
            for name, value in known.items()
        ]
