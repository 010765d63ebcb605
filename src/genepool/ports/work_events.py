"""What happens where genomes are evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.scheduling.node_cpu import NodeCpu

# Why a batch was given to another worker.
RetryReason: TypeAlias = Literal["worker_died", "deadline", "node_left", "out_of_memory"]


@dataclass(frozen=True, slots=True)
class BatchEvaluated:
    """The results of a batch were accepted; late duplicates are not told.

    Parameters
    ----------
    node
        Name of the machine.
    worker_kind
        ``"cpu"``, ``"memory"`` or ``"local"``.
    evaluations
        The results.
    compute_seconds
        Time that the worker spent on evaluating.
    turnaround_seconds
        From handing the batch to an idle worker until its answer was read; the rest is overhead.
    """

    node: str
    worker_kind: str
    evaluations: Sequence[Evaluation]
    compute_seconds: float
    turnaround_seconds: float


@dataclass(frozen=True, slots=True)
class BatchRetried:
    """A batch was given to another worker."""

    reason: RetryReason


@dataclass(frozen=True, slots=True)
class GenomeQuarantined:
    """A genome of this strategy killed or hung its worker too often, and counts as failed."""

    strategy: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A place where batches are evaluated: one process on one granted CPU.

    Parameters
    ----------
    node
        Name of the machine.
    worker_kind
        ``"cpu"``, ``"memory"`` or ``"local"``.
    """

    node: str
    worker_kind: str


@dataclass(frozen=True, slots=True)
class CrewChanged:
    """A worker joined or left; these are all seats that there are now."""

    seats: Sequence[Seat]


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """So many genomes wait for a worker, and workers hold so many."""

    waiting: int
    running: int


@dataclass(frozen=True, slots=True)
class NodesMeasured:
    """What every machine with a worker may use of its cores, and what it used; told every few seconds."""

    nodes: Sequence[NodeCpu]


WorkEvent: TypeAlias = (
    BatchEvaluated | BatchRetried | GenomeQuarantined | CrewChanged | QueueChanged | NodesMeasured
)
