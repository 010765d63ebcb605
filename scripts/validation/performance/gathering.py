"""Waits until the whole cluster is there: a part of it would have an easier bar."""

import time

from genepool.adapters.ray.cluster import Cluster
from genepool.errors import ServiceUnavailable

_PATIENCE_SECONDS = 60.0


def cpus_of_all(cluster: Cluster, expected_nodes: int, patience: float = _PATIENCE_SECONDS) -> int:
    """Return the CPUs of the cluster, once it has that many worker nodes.

    Raises
    ------
    ServiceUnavailable
        When nodes are missing for as long as patience lasts, in seconds.
    """
    deadline = time.monotonic() + patience
    while not (cpus := cluster.cpus) or len(cluster.membership.nodes) < expected_nodes:
        if time.monotonic() >= deadline:
            there = len(cluster.membership.nodes)
            raise ServiceUnavailable(
                f"{there} of {expected_nodes} worker nodes are there: start the others (make up), or say in "
                "GENEPOOL_EXPECTED_NODES how many there are"
            )
        cluster.membership.wait_for_news(1.0)
    return cpus
