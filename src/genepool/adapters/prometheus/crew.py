"""How large the crew is: actors, nodes, granted CPUs; and which nodes left long ago."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.catalogue import WORKER_KINDS
from genepool.adapters.prometheus.instruments import gauge
from genepool.ports import Clock, Seat
from genepool.scheduling.node_cpu import NodeCpu

# A machine and its worker kind: the labels of every series about one machine.
Node: TypeAlias = tuple[str, str]


class CrewMetrics:
    """Gauges of the crew; those of a machine end with its last seat.

    Parameters
    ----------
    registry
        Where they are exported.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._actors = gauge(registry, "actors")
        self._budget = gauge(registry, "cpu_budget")
        self._nodes = gauge(registry, "nodes")
        self._share = gauge(registry, "node_cpu_budget")
        self._use = gauge(registry, "node_cpu_use")
        self._measured: set[Node] = set()
        self._here: set[Node] = set()

    def show(self, seats: Sequence[Seat]) -> set[Node]:
        """Show all seats that there are now; return their machines."""
        counts = Counter((seat.node, seat.worker_kind) for seat in seats)
        for node, count in counts.items():
            self._actors.labels(*node).set(count)
            self._budget.labels(*node).set(count)
        for node in self._here - counts.keys():
            self._actors.remove(*node)
            self._budget.remove(*node)
        for node in self._measured - counts.keys():
            self._share.remove(*node)
            self._use.remove(*node)
        self._measured &= counts.keys()
        self._here = set(counts)
        for kind in WORKER_KINDS:
            self._nodes.labels(kind).set(sum(kind == held for _, held in counts))
        return set(counts)

    def show_use(self, measured: Sequence[NodeCpu]) -> None:
        """Show what each machine may use of its CPUs, and what it used."""
        for one in measured:
            node = one.node, one.worker_kind
            if node in self._here:
                self._share.labels(*node).set(one.share)
                self._use.labels(*node).set(one.used)
                self._measured.add(node)


class Departures:
    """Which machines left so long ago that their counters may go too.

    Counters outlive their machine: the last scrape before they go must have seen all its work. They
    go in the end, since a cloud gives every machine a new name.

    Parameters
    ----------
    clock
        Tells how long a machine is gone.
    kept_for
        Seconds.
    """

    def __init__(self, clock: Clock, kept_for: float = 3600.0) -> None:
        self._clock = clock
        self._kept_for = kept_for
        self._seen: dict[Node, float] = {}

    def overdue(self, here: set[Node]) -> set[Node]:
        """Return the machines that were not here for too long, each once; these are here now."""
        now = self._clock.seconds()
        self._seen.update(dict.fromkeys(here, now))
        gone = {node for node, seen in self._seen.items() if now - seen > self._kept_for}
        for node in gone:
            del self._seen[node]
        return gone
