"""What is remembered of runs, evaluations and trials, by who asks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual, Population
from genepool.history import BirthLine, GenerationLine, GenerationRecord, RunSpec, RunState, RunSummary
from genepool.robustness.ledger import KnownMarket, Uncounted


class RecordedGenerations(Protocol):
    """Generations as they were recorded."""

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        """Return up to ``count`` generations from ``first`` on, in order and bit for bit.

        A run may be larger than memory: ``recorded`` reads all of it, some at a time.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...


class RunCatalogue(RecordedGenerations, Protocol):
    """All recorded runs, for those who look and write nothing."""

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

    def state(self, run: str) -> RunState:
        """Return where a run stands, as recorded.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...


class RecordedParts(Protocol):
    """Parts of a run, each read without the rest of it; of a pruned run, those that are left."""

    def birth_lines(self, run: str, first: int, count: int) -> list[BirthLine]:
        """Return who was born in ``count`` generations from ``first`` on, generation by generation.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...

    def individuals(self, run: str, born: Iterable[tuple[int, str]]) -> list[Individual]:
        """Return the individuals of some births, by generation and fingerprint, in the order given.

        Births that are not there are left out.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...

    def generation_lines(self, run: str, first: int, count: int) -> list[GenerationLine]:
        """Return up to ``count`` generations from ``first`` on, in figures.

        Raises
        ------
        RunNotFound
            When there is no run of that name.
        """
        ...


class EvaluationHistory(Protocol):
    """Every evaluation ever made: no problem has a genome evaluated twice."""

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation, so that a resumed run need not repeat them."""
        ...

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations ever made on a problem, of these genomes or of all, by fingerprint."""
        ...


class TrialLedger(Protocol):
    """How many genomes were tried on which candles: what a result is discounted by."""

    def know_market(self, market: KnownMarket) -> None:
        """Remember by which marks a data set's candles are known again; a known one may gain marks."""
        ...

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set's candles, over all runs.

        Data sets that share a mark count together, whatever they are called.
        """
        ...

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and is not among a data set's trials."""
        ...
