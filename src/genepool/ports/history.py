"""The history of runs, and those that wait for a coordinator."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary
from genepool.robustness.ledger import KnownMarket, Uncounted


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
