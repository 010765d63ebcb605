"""What the cluster manager knows of a cluster on any platform."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

# The kinds of workers, in the order in which they are shown.
KINDS = ("cpu", "memory")


@dataclass(frozen=True, slots=True)
class WorkerNode:
    """One worker node.

    Parameters
    ----------
    name
        What an operator calls it.
    kind
        One of ``KINDS``.
    state
        What its platform says of it, such as ``running``.
    alive
        Whether it can work.
    aliases
        Other names that mean it, as its metrics may use them.
    """

    name: str
    kind: str
    state: str
    alive: bool
    aliases: frozenset[str] = frozenset()

    def answers_to(self, name: str) -> bool:
        """Whether a name means this node."""
        return name == self.name or name in self.aliases


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at one part of the platform showed."""

    part: str
    well: bool
    detail: str


class ClusterPlatform(Protocol):
    """The platform that starts and stops worker nodes.

    Every method raises ``ServiceUnavailable`` when the platform does not answer.
    """

    def nodes(self) -> Sequence[WorkerNode]:
        """Return the worker nodes, by kind and name."""
        ...

    def findings(self) -> Sequence[Finding]:
        """Look at every part of the platform."""
        ...

    def metrics_address(self) -> str:
        """Return where the coordinator's metrics are read."""
        ...

    def resize(self, wanted: Mapping[str, int], busy: Collection[str]) -> Sequence[str]:
        """Bring every kind to its wanted number of nodes, and return in sentences what was done.

        Parameters
        ----------
        wanted
            Nodes by kind; a kind that is not named stays as it is.
        busy
            Names of nodes that are spared as long as there are others of their kind.
        """
        ...

    def drain(self, node: str) -> str:
        """Stop one node once it has handed back its work, and return in a sentence what was done.

        Raises
        ------
        ConfigError
            When there is no such node.
        """
        ...
