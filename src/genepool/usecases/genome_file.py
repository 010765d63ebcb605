"""What a genome file says: which genome trades, and by which rules it was scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genepool.market.costs import CostModel
from genepool.market.grown import Extent
from genepool.market.split import SplitRule


@dataclass(frozen=True, slots=True)
class ScoredCandles:
    """The candles that a genome was scored on.

    Parameters
    ----------
    source
        How its run found them.
    digest
        ``Candles.digest`` of the run's candles, the sealed ones included.
    symbol, timeframe
        The market.
    candles
        How many they are.
    reading
        Words of the command line that say how a file was read.
    first
        Stamp of the first of them, UTC nanoseconds; None where the file does not say it.
    """

    source: str
    digest: str
    symbol: str
    timeframe: str
    candles: int
    reading: tuple[str, ...] = ()
    first: int | None = None

    @property
    def extent(self) -> Extent:
        """Which candles of the data set they are."""
        return Extent(self.symbol, self.timeframe, self.digest, self.candles, self.first)


@dataclass(frozen=True, slots=True)
class GenomeFile:
    """What a genome file says; None where it says nothing, as one written by hand may.

    Parameters
    ----------
    path
        The file.
    strategy, genes
        The genome that trades; the genes as they stand in the file.
    fingerprint
        Of the genome that was exported.
    strategy_version
        Version of the strategy's rule in the run.
    costs, split
        The rules of the run.
    missing_costs
        Costs that this version of genepool knows and the file does not name.
    data
        The run's candles.
    candles_per_year
        What the run's measures are annualised by.
    problem_digest
        Digest of all that a score depends on beside the genome.
    objective
        The run's objective.
    version
        Version of genepool that made the run.
    spans
        Half-open ranges of the run's candles by their names, as they stand in the file.
    """

    path: Path
    strategy: str
    genes: Mapping[str, float]
    fingerprint: str | None = None
    strategy_version: int | None = None
    costs: CostModel | None = None
    missing_costs: tuple[str, ...] = ()
    split: SplitRule | None = None
    data: ScoredCandles | None = None
    candles_per_year: float | None = None
    problem_digest: str | None = None
    objective: str | None = None
    version: str | None = None
    spans: Mapping[str, Any] | None = None
