"""What users wish of machines, and what machines did of late."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from genepool.scheduling.node_cpu import NodeCpu, SeenNode


class NodeRegister(Protocol):
    """Shares that users wish for, by machine, and the machines that have worked."""

    def shares(self) -> Mapping[str, float]:
        """Return the share that is wished for by machine; under ``EVERY_NODE`` that of all others."""
        ...

    def share(self, node: str, share: float | None) -> None:
        """Wish for a share, or for the usual one again; for ``EVERY_NODE`` it replaces all earlier wishes."""
        ...

    def note(self, nodes: Sequence[NodeCpu]) -> None:
        """Remember what machines did of late, in place of what they did before."""
        ...

    def seen(self) -> Sequence[SeenNode]:
        """Return the machines that ever worked, by name."""
        ...
