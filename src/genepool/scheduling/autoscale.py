"""How many worker nodes a load is worth: more at once, fewer slowly, and never a busy one less."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genepool.errors import ConfigError

# A node is removed only when the load would fit into the rest twice over: what fitted exactly
# would ask for the same node again at the next batch.
_MARGIN = 2.0
# The remaining nodes are at most this busy, so that the coordinator's own work finds room.
_FULL = 0.75


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """The worker nodes of one kind.

    Parameters
    ----------
    nodes
        Nodes that run, or were told to start.
    busy
        Those among them that work; they are never removed.
    cpus_per_node
        CPUs that one of them grants.
    """

    nodes: int
    busy: int = 0
    cpus_per_node: float = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """What the cluster is asked for.

    Parameters
    ----------
    groups
        Nodes by kind.
    queued_seconds
        CPU-seconds of queued work.
    used_cpus
        CPUs that were recently at work, fractions included.
    """

    groups: Mapping[str, NodeGroup]
    queued_seconds: float = 0.0
    used_cpus: float = 0.0


@dataclass(frozen=True, slots=True)
class ScalingRule:
    """What the operator wants.

    Parameters
    ----------
    minimum, maximum
        Worker nodes of all kinds together.
    drain_seconds
        The time in which queued work must be done: beyond it, nodes are added.
    idle_seconds
        How long the load must fit into fewer nodes before one is removed.
    step_seconds
        Between removing one node and the next.

    Raises
    ------
    ConfigError
        When a bound or a time is impossible.
    """

    minimum: int
    maximum: int
    drain_seconds: float = 30.0
    idle_seconds: float = 300.0
    step_seconds: float = 30.0

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.maximum:
            raise ConfigError(f"--min {self.minimum} --max {self.maximum}: the bounds need 0 <= min <= max")
        # Put so that what is no number is refused as well.
        if not (self.drain_seconds > 0 and self.idle_seconds >= 0 and self.step_seconds >= 0):
            raise ConfigError("the drain time must be above 0 seconds, the cool-downs 0 or more")


@dataclass(frozen=True, slots=True)
class Memory:
    """What one decision leaves to the next.

    Parameters
    ----------
    quiet_since
        When the load began to fit into one node less; None while it does not.
    changed_at
        When the number of nodes last changed; None for never.
    """

    quiet_since: float | None = None
    changed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """How many nodes of each kind are wanted, why, and what to remember."""

    nodes: Mapping[str, int]
    reason: str
    memory: Memory = field(default_factory=Memory)


def decide(rule: ScalingRule, load: Load, memory: Memory, now: float) -> Decision:
    """Return how many nodes of each kind are wanted.

    Parameters
    ----------
    rule
        Bounds and times.
    load
        The cluster as it is.
    memory
        From the last decision; ``Memory()`` for the first.
    now
        Seconds on any clock that never goes back.
    """
    present = {kind: group.nodes for kind, group in load.groups.items()}
    total = sum(present.values())
    grown = _grown(rule, load)
    if sum(grown.values()) > total:
        why = "below the minimum" if total < rule.minimum else f"{load.queued_seconds:.0f} s of work waits"
        if _short(rule, load, grown):
            why += f", more than the maximum drains in time: --max {rule.maximum} adds no more, raise it"
        return Decision(grown, why, Memory(None, now))
    given_up = _dispensable(rule, load)
    if total > rule.maximum and given_up:
        return Decision(_less(present, given_up), "above the maximum", Memory(None, now))
    if total <= rule.minimum or given_up is None or not _fits_without(rule, load, given_up):
        return Decision(present, _why_unchanged(rule, load, given_up), Memory(None, memory.changed_at))
    since = now if memory.quiet_since is None else memory.quiet_since
    rested = memory.changed_at is None or now - memory.changed_at >= rule.step_seconds
    if now - since < rule.idle_seconds or not rested:
        return Decision(present, f"quiet for {now - since:.0f} s", Memory(since, memory.changed_at))
    return Decision(_less(present, given_up), f"quiet for {now - since:.0f} s", Memory(since, now))


def _grown(rule: ScalingRule, load: Load) -> dict[str, int]:
    """Add nodes one by one until the queue drains in time, or no more are allowed."""
    nodes = {kind: group.nodes for kind, group in load.groups.items()}
    while nodes and sum(nodes.values()) < rule.maximum:
        enough = load.queued_seconds <= rule.drain_seconds * _cpus(load, nodes)
        if enough and sum(nodes.values()) >= rule.minimum:
            break
        kind = min(nodes, key=lambda name: (-_busy_share(load.groups[name]), nodes[name], name))
        # What was added is not busy yet, so that the next one may well be of another kind.
        nodes[kind] += 1
    return nodes


def _short(rule: ScalingRule, load: Load, nodes: Mapping[str, int]) -> bool:
    """Say whether the maximum alone keeps nodes from being added to these."""
    late = load.queued_seconds > rule.drain_seconds * _cpus(load, nodes)
    return bool(nodes) and late and sum(nodes.values()) >= rule.maximum


def _why_unchanged(rule: ScalingRule, load: Load, given_up: str | None) -> str:
    present = {kind: group.nodes for kind, group in load.groups.items()}
    if _short(rule, load, present):
        return (
            f"{load.queued_seconds:.0f} s of work waits, and the maximum is reached: --max {rule.maximum} "
            "adds none, raise it"
        )
    at_minimum = sum(present.values()) <= rule.minimum
    if at_minimum and given_up is not None and _fits_without(rule, load, given_up):
        return f"the load would fit into fewer, and the minimum is reached: --min {rule.minimum} keeps them"
    return "the load fits"


def _busy_share(group: NodeGroup) -> float:
    return group.busy / group.nodes if group.nodes else 0.0


def _cpus(load: Load, nodes: Mapping[str, int]) -> float:
    return sum(count * load.groups[kind].cpus_per_node for kind, count in nodes.items())


def _dispensable(rule: ScalingRule, load: Load) -> str | None:
    """Return the kind with the most idle nodes; the last of its kind stays where the minimum allows."""
    last = 1 if rule.minimum >= len(load.groups) else 0
    idle = {
        kind: (group.nodes - group.busy, group.nodes)
        for kind, group in load.groups.items()
        if group.nodes - group.busy > 0 and group.nodes > last
    }
    return max(sorted(idle), key=lambda kind: idle[kind], default=None)


def _fits_without(rule: ScalingRule, load: Load, kind: str) -> bool:
    left = _cpus(load, _less({name: group.nodes for name, group in load.groups.items()}, kind))
    return load.queued_seconds * _MARGIN <= rule.drain_seconds * left and load.used_cpus <= _FULL * left


def _less(nodes: Mapping[str, int], kind: str) -> dict[str, int]:
    return {**nodes, kind: nodes[kind] - 1}
