"""What the use cases need from outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.evolution.population import Individual, Population
from genepool.genome import Genome
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary
from genepool.robustness.ledger import KnownMarket, Uncounted

# Why a batch had to be given to somebody else.
RetryReason: TypeAlias = Literal["worker_died", "deadline", "node_left", "out_of_memory"]
# What the history was asked for, and what became of it.
StoreStage: TypeAlias = Literal["read", "record", "lease"]
# What became of a genome that the fitness cache was asked for.
CacheAnswer: TypeAlias = Literal["hit", "miss", "corrupt"]
CacheStage: TypeAlias = Literal["read", "write"]

# Told of every finished batch, in the order in which batches finish.
BatchFinished: TypeAlias = Callable[[Sequence[Evaluation]], None]


class Evaluator(Protocol):
    """Scores genomes against any problem; what it starts stays warm for the next one.

    Several threads may ask at once, each for a problem of its own.
    """

    def evaluate(
        self, problem: Problem, genomes: Sequence[Genome], batch_finished: BatchFinished
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        A genome that cannot be evaluated comes back as a failed evaluation. ``batch_finished`` may
        raise ``Interrupted``: no further batch is started, those that run are waited for and
        reported, and the error passes on.
        """
        ...

    def close(self) -> None:
        """Let go of processes and memory; may be called twice."""
        ...


class FitnessCache(Protocol):
    """Evaluations already paid for; losing it costs time, never truth."""

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        """Return what is known, by fingerprint."""
        ...

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        """Remember evaluations; may forget others."""
        ...


class EvolutionStore(Protocol):
    """The history of runs: the only state of a run, and the ledger of trials."""

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running.

        Raises
        ------
        RunExists
            When there is a run of that name already.
        """
        ...

    def claim(self, run: str) -> None:
        """Become the only process that carries this run on, and mark it as running.

        The claim lasts until ``close`` or the end of the process, however that comes about: a killed
        owner never stands in the way. Claiming again changes nothing.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        RunFinished
            When it is finished, and nobody has reopened it.
        Fenced
            When another process carries it on.
        """
        ...

    def reopen(self, run: str) -> None:
        """Let a finished run be carried on again, because its user says so; any other stays as it is.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def enlarge(self, spec: RunSpec) -> None:
        """Write the specification of a run that its user gave larger budgets; its state stays as it is.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        Fenced
            When another process carries it on: it goes by the budgets that it began with.
        """
        ...

    def spec(self, run: str) -> RunSpec:
        """Return a run's specification.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def summaries(self) -> list[RunSummary]:
        """Return all runs, newest first."""
        ...

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation in one transaction; writing the same one again changes nothing.

        Raises
        ------
        StoreError
            When another generation of that number is there: history never changes.
        RunFinished
            When the run is finished, and this is not one of its generations.
        """
        ...

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None."""
        ...

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        """Return so many recorded generations, in order and bit for bit; fewer at the end of the run.

        A run may be larger than memory: ``recorded`` reads all of it, some at a time.
        """
        ...

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation, so that a resumed run need not repeat them."""
        ...

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations ever made on a problem, of these genomes or of all, by fingerprint."""
        ...

    def know_market(self, market: KnownMarket) -> None:
        """Remember by which marks a data set's candles are known again; what is known stays as it is."""
        ...

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set's candles, over all runs.

        Data sets that have candles in common count together, whatever they are called.
        """
        ...

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and is not among a data set's trials."""
        ...

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended; one that is finished stays finished, with its digest and its time.

        Raises
        ------
        RunFinished
            When it is finished already, with another digest.
        """
        ...

    def close(self) -> None:
        """Let go of connections; may be called twice."""
        ...


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


# Whose trouble keeps runs waiting.
Hindrance: TypeAlias = Literal["journal", "cluster", "history"]


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


class RunQueue(Protocol):
    """Runs that wait for a coordinator."""

    def submit(self, run: str) -> None:
        """Queue a recorded run, new or ended, for whoever coordinates; a finished one stays as it is.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def next_run(self) -> str | None:
        """Return the run to carry on next, None when there is none.

        First those whose coordinator died (running or stopping, claimed once, and the claim has run
        out), then queued ones, oldest first.
        """
        ...

    def request_stop(self, run: str) -> None:
        """Ask whoever carries a run on to stop it at the next batch; a queued one is interrupted at once.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def stop_requested(self, run: str) -> bool:
        """Tell whether somebody asked a run to stop."""
        ...

    def state(self, run: str) -> RunState:
        """Return where a run stands, as recorded.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...


class Clock(Protocol):
    """Monotonic time."""

    def seconds(self) -> float:
        """Return seconds since some fixed instant."""
        ...
