"""What the coordinator tells about its work, read from its metrics."""

import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

from genepool.errors import ServiceUnavailable

_PATIENCE_SECONDS = 5.0
_NO_STATE = "idle"


@dataclass(frozen=True, slots=True)
class NodeWork:
    """What one node was given and has done since the coordinator started."""

    kind: str = ""
    cpus: float = 0.0
    actors: float = 0.0
    evaluations: float = 0.0
    work_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The coordinator's figures at one moment.

    Parameters
    ----------
    at
        Seconds on the reader's clock.
    state
        State of the run, ``idle`` without one.
    waiting, running
        Genomes of the generation that wait for a CPU, and that are being evaluated.
    generation, generations_target
        How far the run is.
    nodes
        By the name that the coordinator gives them.
    cost
        Dollars by worker kind so far.
    budget
        Dollars that may be spent; 0 for no limit.
    """

    at: float
    state: str = "idle"
    waiting: float = 0.0
    running: float = 0.0
    generation: float = 0.0
    generations_target: float = 0.0
    nodes: Mapping[str, NodeWork] = field(default_factory=dict)
    cost: Mapping[str, float] = field(default_factory=dict)
    budget: float = 0.0


def read_snapshot(address: str, at: float) -> Snapshot:
    """Fetch and read the metrics.

    Raises
    ------
    ServiceUnavailable
        When nothing answers there.
    """
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - ours
            return parse_snapshot(answer.read().decode(), at)
    except (OSError, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise ServiceUnavailable(
            f"the coordinator's metrics at {address} cannot be read ({reason}): is genetic-pool up?"
        ) from error


def parse_snapshot(text: str, at: float) -> Snapshot:
    """Read metrics in Prometheus' text format; what is not there counts as 0."""
    samples = _samples(text)
    return Snapshot(
        at=at,
        state=_state(samples["genepool_run_state"]),
        waiting=_where(samples["genepool_queue_genomes"], state="waiting"),
        running=_where(samples["genepool_queue_genomes"], state="running"),
        generation=_where(samples["genepool_generation"]),
        generations_target=_where(samples["genepool_generations_target"]),
        nodes=_nodes(samples),
        cost=_by(samples["genepool_cost_dollars_total"], "worker_kind"),
        budget=_where(samples["genepool_budget_dollars"]),
    )


_Samples = list[tuple[Mapping[str, str], float]]


def _samples(text: str) -> defaultdict[str, _Samples]:
    found: defaultdict[str, _Samples] = defaultdict(list)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name].append((sample.labels, sample.value))
    return found


def _where(samples: _Samples, **labels: str) -> float:
    return sum(value for found, value in samples if labels.items() <= found.items())


def _by(samples: _Samples, label: str) -> dict[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for labels, value in samples:
        totals[labels[label]] += value
    return dict(totals)


def _state(samples: _Samples) -> str:
    return next((labels["state"] for labels, value in samples if value), _NO_STATE)


def _nodes(samples: Mapping[str, _Samples]) -> dict[str, NodeWork]:
    figures = {
        "cpus": _by(samples["genepool_cpu_budget"], "node"),
        "actors": _by(samples["genepool_actors"], "node"),
        "evaluations": _by(samples["genepool_evaluations_total"], "node"),
        "work_seconds": _by(samples["genepool_work_seconds_total"], "node"),
    }
    kinds = {
        labels["node"]: labels["worker_kind"]
        for name in ("genepool_cpu_budget", "genepool_actors", "genepool_work_seconds_total")
        for labels, _ in samples[name]
    }
    return {
        node: NodeWork(kind, **{name: by_node.get(node, 0.0) for name, by_node in figures.items()})
        for node, kind in sorted(kinds.items())
    }
