"""Machines with their seats, their CPU budget and their real use; and wishing for another budget."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from genepool.errors import ConfigError
from genepool.ports.nodes import NodeRegister
from genepool.scheduling.node_cpu import EVERY_NODE, SeenNode
from genepool.usecases.document import Document

_LEAST_PERCENT, _MOST_PERCENT = 1.0, 100.0
# A process that leads workers notes what they did every few seconds.
_AT_WORK_SECONDS = 20.0
# A cloud gives every machine a new name: those that left are not listed for ever.
_LISTED_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class ClusterNode(Document):
    """A machine: what may work of it, and what did; percent of its CPUs."""

    node: str
    kind: str | None
    seats: int | None
    cpus: float | None
    wished_percent: float | None
    budget_percent: float | None
    used_percent: float | None
    at_work: bool
    seconds_ago: float | None


@dataclass(frozen=True, slots=True)
class ClusterNodes(Document):
    """All machines that worked within a day or that a user named, and the wish for all others."""

    wished_percent: float | None
    nodes: tuple[ClusterNode, ...]


def cluster_nodes(register: NodeRegister) -> ClusterNodes:
    """Return the machines, by name."""
    wishes = register.shares()
    seen = {one.cpu.node: one for one in register.seen() if one.seconds_ago < _LISTED_SECONDS}
    names = sorted(seen.keys() | wishes.keys() - {EVERY_NODE})
    return ClusterNodes(
        _percent(wishes.get(EVERY_NODE)), tuple(_node(name, seen.get(name), wishes) for name in names)
    )


def wish_for_budget(register: NodeRegister, percent: float | None, node: str | None) -> ClusterNodes:
    """Give one machine, or all, a CPU budget from now on; None for the usual one.

    Raises
    ------
    ConfigError
        When it is no possible budget, or the machine has no name.
    """
    if percent is not None and not _LEAST_PERCENT <= percent <= _MOST_PERCENT:
        raise ConfigError(f"a CPU budget of {percent:g} % is impossible: give 1 to 100, or `usual`")
    if node is not None and not node.strip():
        raise ConfigError("--node is empty: give the name of a machine, or leave the flag out for all")
    register.share(EVERY_NODE if node is None else node, None if percent is None else percent / 100)
    return cluster_nodes(register)


def _node(name: str, seen: SeenNode | None, wishes: Mapping[str, float]) -> ClusterNode:
    wished = wishes.get(name, wishes.get(EVERY_NODE))
    if seen is None:
        return ClusterNode(name, None, None, None, _percent(wished), None, None, False, None)
    cpu, at_work = seen.cpu, seen.seconds_ago < _AT_WORK_SECONDS
    return ClusterNode(
        node=name,
        kind=cpu.worker_kind,
        seats=cpu.seats,
        cpus=cpu.cores,
        wished_percent=_percent(wished),
        budget_percent=_percent(cpu.share),
        used_percent=_percent(cpu.used) if at_work else None,
        at_work=at_work,
        seconds_ago=math.floor(seen.seconds_ago),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
