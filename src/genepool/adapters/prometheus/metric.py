"""What a metric is: its name, its kind, its labels, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

MetricKind: TypeAlias = Literal["counter", "gauge", "histogram"]
Unit: TypeAlias = Literal["", "seconds", "dollars", "bytes", "ratio"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as it is scraped.

    Parameters
    ----------
    name
        As queries spell it: counters end in ``_total``; a histogram adds ``_bucket``, ``_sum`` and
        ``_count``.
    kind
        Counter, gauge or histogram.
    help
        What it means, in one sentence.
    labels
        Names of its labels.
    unit
        Of the value, ``"ratio"`` for shares and probabilities from 0 to 1; empty for bare numbers.
    values
        All values of those labels whose values are known before anything runs.
    buckets
        Upper bounds of a histogram's buckets.
    """

    name: str
    kind: MetricKind
    help: str
    labels: tuple[str, ...] = ()
    unit: Unit = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    buckets: tuple[float, ...] = ()
