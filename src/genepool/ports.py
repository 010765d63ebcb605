"""What the use cases need from outside."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual, Population
from genepool.genome import Genome
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary

# Told of every finished batch, in the order in which batches finish.
BatchFinished: TypeAlias = Callable[[Sequence[Evaluation]], None]


class Evaluator(Protocol):
    """Scores genomes against the one problem that it was made for."""

    def evaluate(self, genomes: Sequence[Genome], batch_finished: BatchFinished) -> list[Evaluation]:
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
        StoreError
            When another process carries it on.
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
        """
        ...

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None."""
        ...

    def populations(self, run: str) -> list[Population]:
        """Return every recorded population, in order."""
        ...

    def newborn(self, run: str) -> list[tuple[int, Individual]]:
        """Return every individual with the generation that first evaluated it, in the order asked."""
        ...

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation, so that a resumed run need not repeat them."""
        ...

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations ever made on a problem, of these genomes or of all, by fingerprint."""
        ...

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set, over all runs."""
        ...

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended."""
        ...

    def close(self) -> None:
        """Let go of connections; may be called twice."""
        ...


class Telemetry(Protocol):
    """Whoever watches a run."""

    def run_started(self, spec: RunSpec, population: Population | None) -> None:
        """Take note that a run starts, or goes on from a recorded population."""
        ...

    def batch_finished(self, done: int, asked: int) -> None:
        """So many of the generation's genomes are evaluated."""
        ...

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:
        """Take note that a generation was recorded."""
        ...

    def run_finished(self, spec: RunSpec, state: RunState) -> None:
        """Take note that the run ended, and how."""
        ...


class Clock(Protocol):
    """Monotonic time."""

    def seconds(self) -> float:
        """Return seconds since some fixed instant."""
        ...
