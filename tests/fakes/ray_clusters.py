"""A Ray cluster of real nodes on this machine, each with a name and a kind of its own."""

import gc
import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from ray.cluster_utils import Cluster as Nodes

from genepool.adapters.ray.cluster import Cluster
from genepool.scheduling.threads import LIBRARY_THREADS

_STORE = 100 * 2**20
# SciPy came with the tools of the tests; without it, as on a user's nodes, a worker starts a fifth faster.
_BARE = Path(__file__).parent / "bare_path"
_ENVIRONMENT = {
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_worker_prestart": "1",
    # As the stack has it: else the workers starve beside other tests.
    "RAY_worker_niceness": "0",
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "3000",
    "RAY_health_check_failure_threshold": "5",
}


class TestCluster:
    """Nodes that come and go, and this process's connection to them."""

    __test__ = False

    def __init__(self, head: dict[str, Any]) -> None:
        self._nodes = Nodes(
            initialize_head=True,
            head_node_args=head
            | {
                "include_dashboard": False,
                "dashboard_port": _free_port(),
                # Nobody reads the nodes' logs here, and no machines are to be had.
                "include_log_monitor": False,
                "no_monitor": True,
            },
        )
        self.address = str(self._nodes.address)

    def add(self, name: str, cpus: int, kind: str = "cpu", *, capped: bool = True) -> Any:  # noqa: ANN401 - Ray's node has no type
        """Start a node, whose environment caps the numeric libraries as our image does, or not."""
        return self._nodes.add_node(wait=False, **_node(name, cpus, kind, capped=capped))

    def remove(self, node: Any, *, gracefully: bool = False) -> None:  # noqa: ANN401 - as above
        """End a node, its raylet by SIGKILL unless gracefully."""
        self._nodes.remove_node(node, allow_graceful=gracefully)

    def remove_if_there(self, node: Any) -> None:  # noqa: ANN401 - as above
        """End a node that a test may have ended."""
        if node in self._nodes.worker_nodes:
            self.remove(node)

    def close(self) -> None:
        """End all nodes."""
        self._nodes.shutdown()  # type: ignore[no-untyped-call]


@contextmanager
def ray_cluster(nodes: dict[str, tuple[int, str]]) -> Iterator[tuple[TestCluster, Cluster]]:
    """Yield running nodes, given by name with their CPUs and kind, and a connection to them."""
    with ray_nodes(nodes) as started:
        joined = Cluster(started.address)
        try:
            yield started, joined
        finally:
            joined.close()


@contextmanager
def ray_nodes(nodes: dict[str, tuple[int, str]]) -> Iterator[TestCluster]:
    """Yield running nodes as ``ray_cluster`` does, which no program has joined."""
    before = dict(os.environ)
    os.environ.update(_ENVIRONMENT)
    os.environ.pop("RAY_ADDRESS", None)
    started = None
    try:
        # A node of its own for the head would take three seconds of processor more.
        (first, granted), *others = nodes.items()
        started = TestCluster(_node(first, *granted))
        for name, (cpus, kind) in others:
            started.add(name, cpus, kind)
        yield started
    finally:
        if ray.is_initialized():
            ray.shutdown()
        if started is not None:
            started.close()
        os.environ.clear()
        os.environ.update(before)
        _bury()


def _node(name: str, cpus: int, kind: str, *, capped: bool = True) -> dict[str, Any]:
    caps = dict.fromkeys(LIBRARY_THREADS, "1" if capped else "")
    path = os.pathsep.join([str(_BARE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        "num_cpus": cpus,
        "object_store_memory": _STORE,
        "labels": {"genepool.io/kind": kind},
        "resources": {f"{kind}_optimized": cpus},
        "env_vars": caps | {"GENEPOOL_NODE_NAME": name, "PYTHONPATH": path},
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bury() -> None:
    """Collect what Ray leaves open here, where its warnings concern no test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
