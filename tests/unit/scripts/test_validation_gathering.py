"""Nothing is measured on a part of the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pytest

from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.membership import Node
from genepool.errors import ServiceUnavailable
from scripts.validation.performance.gathering import cpus_of_all

ONE, TWO = Node("a", "cpu", 1), Node("b", "memory", 2)


@dataclass
class Arriving:
    """``Cluster`` and ``Membership`` in one: with each piece of news another list of nodes."""

    lists: list[Mapping[str, Node]]
    waited: list[float] = field(default_factory=list)

    @property
    def membership(self) -> "Arriving":
        return self

    @property
    def nodes(self) -> Mapping[str, Node]:
        return self.lists[0]

    @property
    def cpus(self) -> int:
        return sum(node.cpus for node in self.nodes.values())

    def wait_for_news(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.lists = self.lists[1:] or self.lists


def test_a_late_node_is_waited_for() -> None:
    arriving = Arriving([{}, {"a": ONE}, {"a": ONE, "b": TWO}])
    assert cpus_of_all(cast("Cluster", arriving), 2) == 3
    assert len(arriving.waited) == 2


def test_more_nodes_than_expected_are_welcome() -> None:
    assert cpus_of_all(cast("Cluster", Arriving([{"a": ONE, "b": TWO}])), 1) == 3


@pytest.mark.parametrize(("nodes", "there"), [({}, 0), ({"a": ONE}, 1)])
def test_a_cluster_that_stays_a_part_is_refused(nodes: Mapping[str, Node], there: int) -> None:
    with pytest.raises(ServiceUnavailable, match=f"{there} of 2 worker nodes are there: start the others"):
        cpus_of_all(cast("Cluster", Arriving([nodes])), 2, patience=0.0)
