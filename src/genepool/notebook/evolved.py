"""A run that has ended, as tables, a sentence and a report."""

from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import Any

from genepool.adapters.report.write import write_report
from genepool.genome import Genome
from genepool.genome_notation import compact_genes
from genepool.notebook.market import MarketCandles
from genepool.notebook.reading import CandlesInMemory
from genepool.notebook.store import HistoryPlace
from genepool.pool.planning import Plan
from genepool.usecases.conclude_run import Concluded
from genepool.usecases.leaderboard import Place
from genepool.usecases.named_run import summary_of
from genepool.usecases.past_run import PastRun
from genepool.usecases.report_run import report_run

_SPANS = ("in_sample", "walk_forward")
_SHOWN = ("sharpe", "total_return", "max_drawdown", "trades")


@dataclass(frozen=True, eq=False)
class Evolved:
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
    def run(self) -> str:
        """Its name: ``genepool show`` and the other commands know it by that."""
        return self.plan.spec.run

    @property
    def digest(self) -> str:
        """The digest of the run: equal for equal candles, settings and seed, wherever it was bred."""
        return self.concluded.document.digest

    @property
    def verdict(self) -> str:
        """One honest sentence: how much of the champion is luck."""
        return self.concluded.judged.verdict

    @property
    def champion(self) -> Genome | None:
        """First of the leaderboard; None when no genome could be scored."""
        held = self.concluded.judged.champion
        return held.genome if held else None

    @cached_property
    def document(self) -> dict[str, Any]:
        """All of it, as ``genepool evolve --json`` prints it."""
        return self.concluded.document.as_json()

    @cached_property
    def leaderboard(self) -> Any:  # noqa: ANN401 - pandas has no types of its own
        """The best genomes, a DataFrame with one row each, by rank."""
        import pandas as pd  # noqa: PLC0415 - half a second, and a run is bred without it

        rows = [self._row(place) for place in self.concluded.document.leaderboard]
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="rank"))

    def report(self, path: str | Path | None = None) -> Path:
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

    def __repr__(self) -> str:  # type: ignore[explicit-override] # Python 3.11 has no @override
        return f"run {self.run} ({self.digest[:16]})\n{self.verdict}\n{self.leaderboard.head(5).to_string()}"

    def _repr_html_(self) -> str:
        shown: str = self.leaderboard.head(10).to_html()
        head = f"run {self.run}, digest {self.digest[:16]}"
        return f"<p><strong>{escape(self.verdict)}</strong></p><p>{escape(head)}</p>{shown}"

    def _row(self, place: Place) -> dict[str, object]:
        genome = Genome(place.strategy, tuple(place.genes.items()))
        figures = {
            f"{span}_{name}": getattr(getattr(place, span), name) for span in _SPANS for name in _SHOWN
        }
        return {
            "strategy": place.strategy,
            "genes": compact_genes(genome, self.plan.problem.strategies),
            "selection_score": place.selection_score,
            "fitness": place.fitness,
            **figures,
            "born": place.born,
            "fingerprint": place.fingerprint,
        }
