"""What use cases ask of the history of runs."""

from typing import Protocol

from genepool.evolution.population import Individual
from genepool.ports import (
    EvaluationHistory,
    ExamBook,
    NullSearches,
    RecordedParts,
    RunCatalogue,
    RunLog,
    TrialLedger,
    Weighings,
)


class History(RunLog, RunCatalogue, RecordedParts, EvaluationHistory, TrialLedger, NullSearches, Protocol):
    """The history, with what is left of runs whose trials were pruned."""

    @property
    def exams(self) -> ExamBook:
        """Looks at sealed candles."""
        ...

    @property
    def weighings(self) -> Weighings:
        """How the champions of finished runs were weighed."""
        ...

    def births(self, run: str) -> list[Individual]:
        """Return all individuals whose birth is recorded, in the order asked; of a pruned run, those left."""
        ...

    def check_whole(self, run: str) -> None:
        """Raise ``RunPruned`` for a run of which something is gone."""
        ...
