"""Instruments made from the catalogue: no other module spells out a metric's help, labels or buckets."""

from collections.abc import Sequence
from itertools import product
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from genepool.adapters.prometheus.catalogue import BY_NAME, PREFIX
from genepool.adapters.prometheus.metric import Metric

AnyInstrument = TypeVar("AnyInstrument", Counter, Gauge, Histogram)


def counter(registry: CollectorRegistry, name: str, **known: Sequence[str]) -> Counter:
    """Return a counter of the catalogue, with all series at 0 whose label values are known.

    Parameters
    ----------
    registry
        Where it is exported.
    name
        Its name without the prefix.
    known
        Values of labels that the catalogue cannot know, such as the strategies.
    """
    metric = BY_NAME[PREFIX + name]
    return _started(Counter(metric.name, metric.help, metric.labels, registry=registry), metric, known)


def gauge(registry: CollectorRegistry, name: str, **known: Sequence[str]) -> Gauge:
    """Return a gauge of the catalogue; as ``counter``."""
    metric = BY_NAME[PREFIX + name]
    return _started(Gauge(metric.name, metric.help, metric.labels, registry=registry), metric, known)


def histogram(registry: CollectorRegistry, name: str) -> Histogram:
    """Return a histogram of the catalogue; as ``counter``."""
    metric = BY_NAME[PREFIX + name]
    made = Histogram(metric.name, metric.help, metric.labels, registry=registry, buckets=metric.buckets)
    return _started(made, metric, {})


def _started(instrument: AnyInstrument, metric: Metric, known: dict[str, Sequence[str]]) -> AnyInstrument:
    """Begin every series that can be foreseen, so that a rate sees its first event."""
    values = {**metric.values, **known}
    if metric.labels and all(label in values for label in metric.labels):
        for labels in product(*(values[label] for label in metric.labels)):
            instrument.labels(*labels)
    return instrument
