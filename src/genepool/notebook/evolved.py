"""A run that was bred here and has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from genepool.adapters.report.write import write_report
from genepool.notebook.market import MarketCandles
from genepool.notebook.reading import CandlesInMemory
from genepool.notebook.run_result import RunResult
from genepool.notebook.store import HistoryPlace
from genepool.pool.planning import Plan
from genepool.strategies import Strategy
from genepool.usecases.conclude_run import Concluded
from genepool.usecases.named_run import summary_of
from genepool.usecases.past_run import PastRun
from genepool.usecases.report_run import report_run


@dataclass(frozen=True, eq=False, repr=False)
class Evolved(RunResult):
    """What a run came to.

    Parameters
    ----------
    market
        Its candles.
    plan
        The run.
    concluded
        What it amounts to.
    place
        The history that has it.
    """

    market: MarketCandles
    plan: Plan
    concluded: Concluded
    place: HistoryPlace

    @property
    def strategies(self) -> Mapping[str, Strategy]:  # type: ignore[explicit-override] # Python 3.11 has no @override
        """The strategies that took part, those of the user's own too."""
        return self.plan.problem.strategies

    @cached_property
    def document(self) -> dict[str, Any]:  # type: ignore[explicit-override] # as above
        """All of it, as ``genepool evolve --json`` prints it."""
        return self.concluded.document.as_json()

    @cached_property
    def leaderboard(self) -> Any:  # type: ignore[explicit-override] # noqa: ANN401 - pandas has no types of its own
        """The best genomes, a DataFrame with one row each, by rank."""
        return super().leaderboard

    def report(self, path: str | Path | None = None) -> Path:  # type: ignore[explicit-override] # as above
        """Write the HTML report, as ``genepool report`` does, and return where it is.

        The champion's neighbours are tried for it, and counted as trials.

        Parameters
        ----------
        path
            The file; ``RUN.html`` in the folder of results where none is given.

        Raises
        ------
        ConfigError
            When the file cannot be written.
        """
        file = Path(path) if path is not None else self.place.settings.results / f"{self.run}.html"
        with self.place.opened() as store:
            summary, source = summary_of(self.run, store), CandlesInMemory(self.market.held)
            past = PastRun(summary, store, source, self.plan.problem.own)
            report_run(past, partial(write_report, file))
        return file
