"""What a backtest found, read from the document that ``genepool backtest --json`` prints."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property
from html import escape
from typing import Any

from genepool.genome import Genome
from genepool.market.measures import Measures


class TradeResult(ABC):
    """What a backtest found; who inherits from it says where its document comes from."""

    @property
    @abstractmethod
    def document(self) -> Mapping[str, Any]:
        """All of it, as ``genepool backtest --json`` prints it."""

    @cached_property
    def measures(self) -> Mapping[str, float]:
        """The measures by name, such as ``sharpe``; ``docs/execution.md`` says what each is."""
        return {measure.name: self.document[measure.name] for measure in fields(Measures)}

    @property
    def genome(self) -> Genome:
        """The genome that traded."""
        return Genome(self.document["strategy"], tuple(self.document["genes"].items()))

    @cached_property
    def comparison(self) -> Any:  # noqa: ANN401 - pandas has no types of its own
        """The measures beside those of holding and of holding short: a DataFrame, one row a measure."""
        import pandas as pd  # noqa: PLC0415 - half a second, and measures are had without it

        beside = ("buy_and_hold", "short_and_hold")
        return pd.DataFrame({"strategy": self.measures, **{name: self.document[name] for name in beside}})

    def __repr__(self) -> str:  # type: ignore[explicit-override] # Python 3.11 has no @override
        of, made_up = self.document, " (synthetic)" if self.document["synthetic"] else ""
        genes = " ".join(f"{name}={value:g}" for name, value in of["genes"].items())
        return (
            f"{of['strategy']} on {of['symbol']} {of['timeframe']}{made_up}, {genes}\n"
            f"{self.comparison.round(4).to_string()}"
        )

    def _repr_html_(self) -> str:
        head, _, _ = repr(self).partition("\n")
        shown: str = self.comparison.round(4).to_html()
        return f"<p>{escape(head)}</p>{shown}"
