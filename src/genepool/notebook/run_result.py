"""What a run came to, as tables and a sentence, read from the document that ``--json`` prints of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from genepool.genome import Genome
from genepool.genome_notation import compact_genes
from genepool.strategies import Strategy, seed_strategies

_SPANS = ("in_sample", "walk_forward")
_SHOWN = ("sharpe", "total_return", "max_drawdown", "trades")


class RunResult(ABC):
    """What a run came to; who inherits from it says where its document and its report come from."""

    @property
    @abstractmethod
    def document(self) -> Mapping[str, Any]:
        """All of it, as the command line prints it with ``--json``."""

    @abstractmethod
    def report(self, path: str | Path | None = None) -> Path:
        """Write the HTML report, and return where it is."""

    @property
    def strategies(self) -> Mapping[str, Strategy]:
        """The strategies that took part, as far as they are known here."""
        return seed_strategies()

    @property
    def run(self) -> str:
        """Its name: ``genepool show`` and the other commands know it by that."""
        return str(self.document["run"])

    @property
    def digest(self) -> str | None:
        """The digest of the run: equal for equal candles, settings and seed, wherever it was bred.

        None until the run is finished.
        """
        found: str | None = self.document["digest"]
        return found

    @property
    def verdict(self) -> str:
        """One honest sentence: how far the champion climbs on the ladder."""
        document = self.document
        return str(document["verdict"] or document["no_verdict_because"])

    @property
    def ladder(self) -> Mapping[str, Any] | None:
        """How far the champion climbs, from enough trades to the sealed exam; None without a verdict.

        ``sentence`` says it in one sentence, ``rungs`` why each of the five is passed, failed or not asked.
        """
        found: Mapping[str, Any] | None = self.document.get("ladder")
        return found

    @property
    def champion(self) -> Genome | None:
        """First of the leaderboard; None when no genome could be scored."""
        return next((_genome(place) for place in self.document["leaderboard"]), None)

    @property
    def leaderboard(self) -> Any:  # noqa: ANN401 - pandas has no types of its own
        """The best genomes, a DataFrame with one row each, by rank."""
        import pandas as pd  # noqa: PLC0415 - half a second, and a run is bred without it

        known = self.strategies
        rows = [_row(place, known) for place in self.document["leaderboard"]]
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="rank"))

    def _named(self) -> tuple[str, str]:
        """Return the run, and how much of its digest people compare."""
        return self.run, (self.digest or "no digest yet")[:16]

    def __repr__(self) -> str:  # type: ignore[explicit-override] # Python 3.11 has no @override
        run, digest = self._named()
        return f"run {run} ({digest})\n{self.verdict}\n{self.leaderboard.head(5).to_string()}"

    def _repr_html_(self) -> str:
        shown: str = self.leaderboard.head(10).to_html()
        run, digest = self._named()
        head = f"run {run}, digest {digest}"
        return f"<p><strong>{escape(self.verdict)}</strong></p><p>{escape(head)}</p>{shown}"


def _genome(place: Mapping[str, Any]) -> Genome:
    return Genome(place["strategy"], tuple(place["genes"].items()))


def _row(place: Mapping[str, Any], known: Mapping[str, Strategy]) -> dict[str, object]:
    figures = {f"{span}_{name}": place[span][name] for span in _SPANS for name in _SHOWN}
    return {
        "strategy": place["strategy"],
        "genes": compact_genes(_genome(place), known),
        "selection_score": place["selection_score"],
        "fitness": place["fitness"],
        **figures,
        # The document of a genome has a lineage, a place of a leaderboard says it at once.
        "born": place.get("lineage", place)["born"],
        "fingerprint": place["fingerprint"],
    }
