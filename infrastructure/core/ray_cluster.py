"""A cluster whose machines Ray's own autoscaler starts and stops: on AWS, or in Kubernetes by KubeRay.

The pool holds its CPUs by actors and pulls work, so Ray sees no demand that waits. Demand is
therefore stated outright with ``request_resources``; Ray's autoscaler starts what is missing and
stops what was not asked for and stood unused for its idle time. A busy machine is never idle.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from genepool.errors import ConfigError, ServiceUnavailable
from infrastructure.core.cluster import KINDS, Finding, WorkerNode
from infrastructure.core.probes import answers

# What a worker of each kind advertises, once for each of its CPUs.
RESOURCES = {"cpu": "cpu_optimized", "memory": "memory_optimized"}


class RayCluster:
    """The nodes that a Ray cluster lists; must run on one of them.

    Parameters
    ----------
    address
        Address of the cluster, ``auto`` beside a node of it.
    metrics_address
        Where the coordinator's metrics are read.
    """

    def __init__(self, address: str = "auto", metrics_address: str = "http://127.0.0.1:8000/metrics") -> None:
        self._address = address
        self._metrics_address = metrics_address

    def nodes(self) -> Sequence[WorkerNode]:
        """Return the living nodes that advertise a worker kind."""
        found = [node for entry in self._entries() if (node := _node(entry))]
        return sorted(found, key=lambda node: (KINDS.index(node.kind), node.name))

    def findings(self) -> Sequence[Finding]:
        """Look at the GCS, the worker nodes and the coordinator."""
        nodes = self.nodes()
        listed = ", ".join(node.name for node in nodes) or "none yet: Ray starts them on demand"
        return [
            Finding("ray GCS", True, f"lists {len(self._entries())} living nodes"),
            Finding("ray workers", bool(nodes), listed),
            answers("coordinator", self._metrics_address.removesuffix("/metrics") + "/readyz"),
        ]

    def metrics_address(self) -> str:
        """Return where the coordinator's metrics are read."""
        return self._metrics_address

    def resize(self, wanted: Mapping[str, int], busy: Collection[str]) -> Sequence[str]:
        """State the demand; Ray itself spares what is busy. See ``ClusterPlatform``."""
        del busy
        bundles = demand(wanted, self._entries())
        self._ray().autoscaler.sdk.request_resources(bundles=bundles)
        asked = ", ".join(f"{count} of {kind}" for kind, count in wanted.items())
        return [f"asked Ray's autoscaler for {asked}; its own limits and idle time hold"]

    def drain(self, node: str) -> str:
        """Refuse: Ray's autoscaler would replace what is taken from it by hand."""
        raise ConfigError(
            f"{node} belongs to Ray's autoscaler, which would replace it at once: lower the demand with "
            f"`scale`, and it goes when it is idle"
        )

    def _entries(self) -> list[dict[str, Any]]:
        return [entry for entry in self._ray().nodes() if entry["Alive"]]

    def _ray(self) -> Any:  # noqa: ANN401 - Ray ships no types for its module
        try:
            import ray  # noqa: PLC0415 - an optional dependency, and a second to load
            import ray.autoscaler.sdk  # noqa: PLC0415 - as above
        except ImportError as error:
            raise ConfigError("Ray is not installed: `pip install genepool[ray]`") from error
        try:
            if not ray.is_initialized():
                ray.init(address=self._address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ServiceUnavailable(
                f"no Ray cluster answers at {self._address!r} ({error}): run this on a node of the cluster, "
                "with its RAY_AUTH_MODE and RAY_AUTH_TOKEN_PATH"
            ) from error
        return ray


def demand(wanted: Mapping[str, int], entries: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """Return one bundle per node wanted, large enough that no node holds two.

    Parameters
    ----------
    wanted
        Nodes by kind.
    entries
        Living nodes as ``ray.nodes()`` lists them; a kind that none of them has counts as one CPU.
    """
    bundles = []
    for kind, count in wanted.items():
        resource = RESOURCES[kind]
        size = max((entry["Resources"].get(resource, 0.0) for entry in entries), default=0.0) or 1.0
        bundles += [{resource: size} for _ in range(count)]
    return bundles


def _node(entry: Mapping[str, Any]) -> WorkerNode | None:
    for kind, resource in RESOURCES.items():
        if entry["Resources"].get(resource):
            names = frozenset({entry["NodeID"], entry["NodeManagerHostname"], entry["NodeManagerAddress"]})
            return WorkerNode(entry["NodeName"], kind, "alive", True, names)
    return None
