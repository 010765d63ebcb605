"""What use cases ask of the history of runs."""

from collections.abc import Iterable
from typing import Protocol

from genepool.evolution.population import Individual
from genepool.history import BirthLine, GenerationLine
from genepool.ports import EvaluationHistory, RunCatalogue, RunLog, TrialLedger


class History(RunLog, RunCatalogue, EvaluationHistory, TrialLedger, Protocol):
    """The history, with what is left of runs whose trials were pruned."""

    def births(self, run: str) -> list[Individual]:
        """Return all individuals whose birth is recorded, in the order asked; of a pruned run, those left."""
        ...

    def check_whole(self, run: str) -> None:
        """Raise ``RunPruned`` for a run of which something is gone."""
        ...

    def birth_lines(self, run: str) -> list[BirthLine]:
        """Return everybody whose birth is recorded in a line each, generation by generation."""
        ...

    def individuals(self, run: str, births_of: Iterable[tuple[int, str]]) -> list[Individual]:
        """Return the individuals of some births, by generation and fingerprint, in the order given.

        Births that are not there are left out.
        """
        ...

    def generation_lines(self, run: str, first: int, count: int) -> list[GenerationLine]:
        """Return up to ``count`` generations from ``first`` on, in figures."""
        ...
