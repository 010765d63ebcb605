"""What a service found in a backtest."""

from collections.abc import Mapping
from typing import Any

from genepool.notebook.trade_result import TradeResult
from genepool.strategies import seed_strategies


class ServiceBacktest(TradeResult):
    """What a service found in a backtest.

    Parameters
    ----------
    document
        As ``genepool backtest --json`` prints it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = {**document, "genes": _declared(document["strategy"], document["genes"])}

    @property
    def document(self) -> Mapping[str, Any]:  # type: ignore[explicit-override] # Python 3.11 has no @override
        """All of it, as ``genepool backtest --json`` prints it."""
        return self._document


def _declared(strategy: str, genes: Mapping[str, float]) -> dict[str, float]:
    """Return genes in the order in which their seed declares them; the queue of jobs keeps none."""
    seed = seed_strategies().get(strategy)
    order = [gene.name for gene in seed.all_genes] if seed else []
    return {name: genes[name] for name in [*order, *sorted(set(genes) - set(order))] if name in genes}
