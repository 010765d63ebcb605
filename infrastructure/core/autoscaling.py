"""From what is seen of a cluster to the load that the scaling rule judges, and the loop around it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from genepool.errors import ServiceUnavailable
from genepool.scheduling.autoscale import Load, Memory, NodeGroup, ScalingRule, decide
from infrastructure.core.cluster import KINDS, ClusterPlatform, WorkerNode
from infrastructure.core.coordinator import Snapshot, read_snapshot


@dataclass(frozen=True, slots=True)
class Step:
    """One look at the cluster and what came of it.

    Parameters
    ----------
    nodes, wanted
        Nodes by kind as they were, and as they were asked to be.
    queued_seconds, used_cpus
        As in ``Load``.
    reason
        Why that number is wanted.
    done
        What was done about it, in sentences.
    blind
        Whether the coordinator did not answer.
    """

    nodes: Mapping[str, int]
    wanted: Mapping[str, int]
    queued_seconds: float
    used_cpus: float
    reason: str
    done: Sequence[str] = ()
    blind: bool = False


def busy_nodes(before: Snapshot | None, after: Snapshot) -> frozenset[str]:
    """Return the nodes that must not be removed, by the coordinator's names.

    While genomes are being evaluated, every node that has actors counts: a long batch shows only once
    it is over. Otherwise those count whose work has grown since the look before.
    """
    if after.running:
        return frozenset(name for name, node in after.nodes.items() if node.actors)
    return frozenset(name for name in after.nodes if before and _work(before, after, name))


def cluster_load(nodes: Sequence[WorkerNode], before: Snapshot | None, after: Snapshot) -> Load:
    """Return the load that two looks at the coordinator show."""
    busy = busy_nodes(before, after)
    groups = {
        kind: _group(
            [node for node in nodes if node.kind == kind],
            {name for name in busy if after.nodes[name].kind == kind},
            _cpus_per_node(kind, after),
        )
        for kind in KINDS
    }
    return Load(groups, after.waiting * _seconds_per_genome(before, after), _used_cpus(before, after))


def _group(nodes: Sequence[WorkerNode], busy: Collection[str], cpus: float) -> NodeGroup:
    alive = sum(node.alive for node in nodes)
    # Counted by the coordinator's names: one that no container answers to is still at work somewhere.
    return NodeGroup(alive, min(alive, len(busy)), cpus)


def _cpus_per_node(kind: str, after: Snapshot) -> float:
    cpus = [node.cpus for node in after.nodes.values() if node.kind == kind and node.cpus]
    return sum(cpus) / len(cpus) if cpus else 1.0


def _work(before: Snapshot, after: Snapshot, name: str) -> float:
    now = after.nodes[name].work_seconds
    then = before.nodes[name].work_seconds if name in before.nodes else 0.0
    # A restarted coordinator counts from 0 again.
    return now - then if now >= then else now


def _used_cpus(before: Snapshot | None, after: Snapshot) -> float:
    if before is None or after.at <= before.at:
        return 0.0
    return sum(_work(before, after, name) for name in after.nodes) / (after.at - before.at)


def _seconds_per_genome(before: Snapshot | None, after: Snapshot) -> float:
    """Return the recent cost of one genome; the average since the start where nothing is recent."""
    evaluations, seconds = _totals(after)
    if before is not None:
        old_evaluations, old_seconds = _totals(before)
        if evaluations > old_evaluations and seconds >= old_seconds:
            return (seconds - old_seconds) / (evaluations - old_evaluations)
    return seconds / evaluations if evaluations else 0.0


def _totals(snapshot: Snapshot) -> tuple[float, float]:
    nodes = snapshot.nodes.values()
    return sum(node.evaluations for node in nodes), sum(node.work_seconds for node in nodes)


def steps(platform: ClusterPlatform, rule: ScalingRule, clock: Callable[[], float]) -> Iterator[Step]:
    """Yield one step each time the caller comes back for it; the caller decides how often.

    A coordinator that does not answer changes nothing: its nodes may well be at work.
    """
    before: Snapshot | None = None
    memory = Memory()
    while True:
        nodes = platform.nodes()
        present = _count(nodes)
        try:
            after = read_snapshot(platform.metrics_address(), clock())
        except ServiceUnavailable as error:
            yield Step(present, present, 0.0, 0.0, f"nothing is changed: {error}", blind=True)
            continue
        load = cluster_load(nodes, before, after)
        decision = decide(rule, load, memory, after.at)
        done: Sequence[str] = ()
        if decision.nodes != present:
            done = platform.resize(decision.nodes, busy_nodes(before, after))
        before, memory = after, decision.memory
        yield Step(present, decision.nodes, load.queued_seconds, load.used_cpus, decision.reason, done)


def _count(nodes: Sequence[WorkerNode]) -> dict[str, int]:
    return {kind: sum(node.kind == kind and node.alive for node in nodes) for kind in KINDS}
