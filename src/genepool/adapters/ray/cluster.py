"""A Ray cluster that this process takes part in."""

from collections.abc import Mapping
from typing import Any

from genepool.adapters.ray.membership import Membership
from genepool.adapters.ray.session import Session

_LIST_SECONDS = 10.0


class Cluster:
    """A Ray cluster that this process takes part in.

    Parameters
    ----------
    address
        ``"auto"`` beside a node of the cluster, or the address of its head.
    runtime_env
        What Ray is to give the worker processes beside what their nodes have, in its own words.

    Raises
    ------
    ServiceUnavailable
        When the cluster does not answer.
    """

    def __init__(self, address: str = "auto", runtime_env: Mapping[str, Any] | None = None) -> None:
        self._session = Session(address, runtime_env)
        self.membership = Membership()

    @property
    def cpus(self) -> int:
        """CPUs that the cluster grants now; the first time it waits for the list of nodes."""
        self.membership.wait_for_list(_LIST_SECONDS)
        return sum(node.cpus for node in self.membership.nodes.values())

    def close(self) -> None:
        """Leave the cluster; may be called twice."""
        self.membership.close()
        self._session.close()
