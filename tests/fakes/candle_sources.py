"""Candles by name, without files."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from genepool.errors import DataError, RunPruned
from genepool.evolution.population import Individual
from genepool.history import BirthLine, GenerationLine, GenerationRecord
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

    def birth_lines(self, run: str, first: int, count: int) -> list[BirthLine]:
        return [
            BirthLine(
                one.born,
                one.genome.fingerprint,
                one.genome.strategy,
                one.evaluation.selection_score,
                one.candidate.parents,
            )
            for one in self.births(run)
            if first <= one.born < first + count
        ]

    def individuals(self, run: str, born: Iterable[tuple[int, str]]) -> list[Individual]:
        there = {(one.born, one.genome.fingerprint): one for one in self.births(run)}
        return [there[birth] for birth in born if birth in there]

    def generation_lines(self, run: str, first: int, count: int) -> list[GenerationLine]:
        return [_line(record) for record in self.generations(run, first, count)]


def _line(record: GenerationRecord) -> GenerationLine:
    fitness = [one.fitness for one in record.population.individuals if one.fitness is not None]
    species = Counter(one.genome.strategy for one in record.population.individuals)
    return GenerationLine(
        record.population.generation,
        record.digest,
        record.seconds,
        record.cache_hits,
        None,
        max(fitness, default=None),
        median(fitness) if fitness else None,
        min(fitness, default=None),
        dict(species.most_common()),
    )
