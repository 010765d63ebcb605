"""The workers of a service as a document: machines, what they do, and what waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class WorkingNode(Document):
    """A machine.

    Parameters
    ----------
    node
        Its name.
    worker_kind
        ``"cpu"``, ``"memory"`` or ``"local"``.
    seats
        Batches that it evaluates at once.
    evaluations_per_second
        Over the last half minute.
    budget_percent, used_percent
        What may work of its CPUs, and what did over the last minute; None before it was measured.
    share
        Its part of all that was evaluated in that time; None when nothing was.
    """

    node: str
    worker_kind: str
    seats: int
    evaluations_per_second: float
    budget_percent: float | None
    used_percent: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class WaitingWork(Document):
    """Genomes that wait for a worker, and those that workers hold."""

    waiting: int
    running: int


@dataclass(frozen=True, slots=True)
class OverfittingSoFar(Document):
    """How overfitted the best of a run's kept sample is.

    Parameters
    ----------
    generation
        The newest that the sample is drawn from.
    genomes
        How many of it traded differently.
    probability
        How often the best of them on half of the candles is at or below the median on the others.
    """

    generation: int
    genomes: int
    probability: float


@dataclass(frozen=True, slots=True)
class BredRun(Document):
    """A run that is bred now.

    Parameters
    ----------
    generation
        The newest that is recorded; None before the first.
    generations
        How many it is to have.
    phase
        ``"breeding"``, or ``"digest"`` once nothing more is bred.
    done, asked
        Genomes of the next generation that are evaluated, and how many there are.
    evaluations_per_second
        Over the last half minute.
    overfitting
        The newest figure of it; None before there are enough genomes.
    """

    run: str
    generation: int | None
    generations: int
    phase: str
    done: int
    asked: int
    evaluations_per_second: float
    overfitting: OverfittingSoFar | None


@dataclass(frozen=True, slots=True)
class ClusterDocument(Document):
    """The workers of a service, and what they work on.

    Parameters
    ----------
    cpus
        CPUs that they have.
    waiting_for
        What runs wait for, in a sentence; None while nothing keeps them.
    """

    cpus: int
    nodes: Sequence[WorkingNode]
    queue: WaitingWork
    runs: Sequence[BredRun]
    waiting_for: str | None


def cluster_document(standing: Mapping[str, Any]) -> ClusterDocument:
    """Return the workers of a service as a document.

    Parameters
    ----------
    standing
        The document of ``/progress``.
    """
    nodes = standing["nodes"]
    total = sum(node["evaluations_per_second"] for node in nodes)
    return ClusterDocument(
        standing["cpus"],
        [WorkingNode(**node, share=_share(node["evaluations_per_second"], total)) for node in nodes],
        WaitingWork(**standing["queue"]),
        [_bred(run) for run in standing["runs"]],
        standing["waiting_for"],
    )


def _bred(run: Mapping[str, Any]) -> BredRun:
    told = {name: run[name] for name in BredRun.__dataclass_fields__}
    overfitting = told["overfitting"]
    return BredRun(**told | {"overfitting": overfitting and OverfittingSoFar(**overfitting)})


def _share(own: float, total: float) -> float | None:
    return round(own / total, 4) if total else None
