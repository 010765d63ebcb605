"""Who is told of runs, workers and services, and of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState

# Why a batch had to be given to somebody else.
RetryReason: TypeAlias = Literal["worker_died", "deadline", "node_left", "out_of_memory"]
# What the history was asked for, and what became of it.
StoreStage: TypeAlias = Literal["read", "record", "lease"]
# What became of a genome that the fitness cache was asked for.
CacheAnswer: TypeAlias = Literal["hit", "miss", "corrupt"]
CacheStage: TypeAlias = Literal["read", "write"]
# Whose trouble keeps runs waiting.
Hindrance: TypeAlias = Literal["journal", "cluster", "history"]


class Telemetry(Protocol):
    """Whoever watches a run."""

    def run_started(
        self, spec: RunSpec, population: Population | None, champion: Individual | None = None
    ) -> None:
        """Take note that a run starts, or goes on from a recorded population and champion."""
        ...

    def batch_finished(self, done: int, asked: int) -> None:
        """So many of the generation's genomes are evaluated."""
        ...

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:
        """Take note that a generation was recorded."""
        ...

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:
        """Nothing more is bred: so many of so many generations are read again for the run's digest."""
        ...

    def run_finished(self, spec: RunSpec, state: RunState) -> None:
        """Take note that the run ended, and how."""
        ...


@dataclass(frozen=True, slots=True)
class BatchWork:
    """One batch as it was evaluated somewhere.

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


class WorkWatcher(Protocol):
    """Whoever watches the workers."""

    def batch_evaluated(self, work: BatchWork) -> None:
        """Take note of a batch whose results were accepted; late duplicates are not reported."""
        ...

    def batch_retried(self, reason: RetryReason) -> None:
        """Take note that a batch had to be given to somebody else."""
        ...

    def genome_quarantined(self, strategy: str) -> None:
        """Take note that a genome killed or hung its worker too often and counts as failed."""
        ...

    def crew_changed(self, seats: Sequence[Seat]) -> None:
        """Take note of all seats that there are now."""
        ...

    def queue_changed(self, waiting: int, running: int) -> None:
        """So many genomes wait for a worker, so many are with one."""
        ...


class ServiceWatcher(Protocol):
    """Whoever watches the services that the coordinator leans on."""

    def cache_answered(self, answer: CacheAnswer, count: int) -> None:
        """Take note of what became of so many lookups."""
        ...

    def cache_took(self, stage: CacheStage, seconds: float) -> None:
        """Take note of one round trip, answered or not."""
        ...

    def cache_reachable(self, reachable: bool) -> None:
        """Take note that the cache went away or came back."""
        ...

    def store_took(self, stage: StoreStage, seconds: float) -> None:
        """Take note of one transaction."""
        ...

    def store_reachable(self, reachable: bool) -> None:
        """Take note that the history went away or came back."""
        ...

    def hindered(self, by: Hindrance, reason: str | None) -> None:
        """Take note of what keeps runs waiting, as often as it is noticed; None when that is over."""
        ...

    def journal_holds(self, generations: int, size: int) -> None:
        """So many generations, in so many bytes, are acknowledged and not yet in the history."""
        ...

    def fenced(self) -> None:
        """Take note that another coordinator carries the run on, and that a write was refused."""
        ...
