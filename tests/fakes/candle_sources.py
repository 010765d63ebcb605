"""Candles by name, without files."""

from dataclasses import dataclass, field

from genepool.errors import DataError, RunPruned
from genepool.evolution.population import Individual
from genepool.market.candles import Candles
from genepool.market.provenance import DataSet, Provenance
from tests.fakes.memory import MemoryStore


@dataclass
class NamedCandles:
    """``CandleSource`` of what it was given; notes what it was asked for.

    Parameters
    ----------
    markets
        Candles by name.
    kind
        Kind of all these markets.
    asked
        Every question: name, words, symbol, timeframe.
    """

    markets: dict[str, Candles]
    kind: str = "crypto"
    asked: list[tuple[str, tuple[str, ...], str, str]] = field(default_factory=list)

    def read(
        self, data: str, reading: tuple[str, ...] = (), *, symbol: str = "", timeframe: str = ""
    ) -> DataSet:
        self.asked.append((data, reading, symbol, timeframe))
        if data not in self.markets:
            raise DataError(f"there is no data set {data!r}")
        return DataSet(self.markets[data], Provenance("a test", market=self.kind))


class WholeHistory(MemoryStore):
    """``History`` in memory, of which nothing is ever pruned but what a test says.

    Parameters
    ----------
    pruned
        Names of runs of which something is gone.
    """

    def __init__(self, *pruned: str) -> None:
        super().__init__()
        self._pruned = pruned

    def births(self, run: str) -> list[Individual]:
        return [one for record in self.generations(run, 0, 1_000) for one in record.newborn]

    def check_whole(self, run: str) -> None:
        if run in self._pruned:
            raise RunPruned(f"run {run} was pruned")
