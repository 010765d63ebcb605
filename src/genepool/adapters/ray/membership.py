"""Which nodes may be given work, read by a thread of its own.

Asking a cluster whose head is away blocks until the head is back. The evaluator uses
the last answer meanwhile.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ray
import structlog

from genepool.scheduling.threads import WORKER_MEMORY

# Genomes of a long history need half of this beside what a process starts with.
_LEAST_MEMORY = 2 * WORKER_MEMORY
KIND_LABEL = "genepool.io/kind"
_KINDS = ("memory", "cpu")


@dataclass(frozen=True, slots=True)
class Node:
    """A machine of the cluster that takes work.

    Parameters
    ----------
    key
        Ray's name for it, new whenever it joins.
    kind
        ``"cpu"`` or ``"memory"``.
    cpus
        CPUs that it grants.
    memory
        Bytes that Ray grants there, the object store left out; 0 when it does not say.
    """

    key: str
    kind: str
    cpus: int
    memory: int = 0

    @property
    def memory_limit(self) -> int | None:
        """Bytes of its own that one worker may take so that the others have what they usually need."""
        spare = self.memory - (self.cpus - 1) * WORKER_MEMORY
        return max(spare, self.memory // self.cpus, _LEAST_MEMORY) if self.memory else None


def read_nodes() -> dict[str, Node]:
    """Ask the cluster for its nodes that live, grant CPUs and are not about to leave; may block."""
    leaving = ray._private.state.state.get_draining_nodes()  # noqa: SLF001 - Ray's own libraries ask so too
    listed: list[Mapping[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return nodes_of(listed, leaving)


def nodes_of(listed: Iterable[Mapping[str, Any]], leaving: Mapping[str, int]) -> dict[str, Node]:
    """Return the nodes that take work, by key, from Ray's list and those that drain."""
    found = (
        Node(node["NodeID"], _kind(node), *(int(node["Resources"].get(one, 0)) for one in ("CPU", "memory")))
        for node in listed
        if node["Alive"] and node["NodeID"] not in leaving
    )
    return {node.key: node for node in found if node.cpus > 0}


def _kind(node: Mapping[str, Any]) -> str:
    named = node.get("Labels", {}).get(KIND_LABEL)
    advertised = (kind for kind in _KINDS if f"{kind}_optimized" in node["Resources"])
    return named if named in _KINDS else next(advertised, "cpu")


class Membership:
    """Keeps the list of nodes fresh.

    Parameters
    ----------
    read
        Asks the cluster.
    period
        Seconds between two questions.
    """

    def __init__(self, read: Callable[[], Mapping[str, Node]] = read_nodes, period: float = 0.5) -> None:
        self._read = read
        self._period = period
        self._nodes: Mapping[str, Node] = {}
        self._closed = threading.Event()
        self._listed = threading.Event()
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="ray-membership", daemon=True)
        self._thread.start()

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by key, as they were last heard of."""
        return self._nodes

    def wait_for_list(self, seconds: float) -> None:
        """Wait until the nodes were read once, at most so long."""
        self._listed.wait(seconds)

    def wait_for_news(self, seconds: float) -> None:
        """Wait until the list of nodes changes, at most so long."""
        self._news.wait(seconds)
        self._news.clear()

    def close(self) -> None:
        """Stop asking; may be called twice. A question that blocks is left to itself."""
        self._closed.set()
        self._thread.join(timeout=2 * self._period)

    def _follow(self) -> None:
        log = structlog.get_logger()
        while not self._closed.is_set():
            try:
                self._take(self._read())
            except Exception as error:  # noqa: BLE001 - Ray raises many kinds while its head is away
                log.warning("the list of Ray nodes could not be read", error=str(error)[:200])
            self._closed.wait(self._period)

    def _take(self, nodes: Mapping[str, Node]) -> None:
        changed, self._nodes = nodes != self._nodes, nodes
        self._listed.set()
        if changed:
            self._news.set()
