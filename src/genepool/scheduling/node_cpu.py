"""What a machine may use of its cores, and what it uses."""

from dataclasses import dataclass

# Stands for every machine that nobody named.
EVERY_NODE = ""


@dataclass(frozen=True, slots=True)
class NodeCpu:
    """What a machine may use of its cores, and what it used over the last minute.

    Parameters
    ----------
    node, worker_kind
        The machine.
    seats
        Its workers.
    cores
        What the shares are shares of.
    share
        What may work, above 0 and at most 1.
    used
        What did, on average; measured from the CPU seconds of our processes.
    """

    node: str
    worker_kind: str
    seats: int
    cores: float
    share: float
    used: float


@dataclass(frozen=True, slots=True)
class SeenNode:
    """A machine as the process that leads its workers saw it last.

    Parameters
    ----------
    cpu
        What it might use of its cores, and what it used.
    seconds_ago
        How long ago that was.
    """

    cpu: NodeCpu
    seconds_ago: float
