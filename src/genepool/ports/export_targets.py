"""What a genome is exported to: programs that trade it, and the proof that they trade it as we do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

from genepool.backtest.detailed import Backtest
from genepool.market.candles import Candles
from genepool.market.costs import CostModel

# Name and backtest of each phase of a run, in-sample first.
TradedPhases: TypeAlias = Sequence[tuple[str, Backtest]]


@dataclass(frozen=True, slots=True)
class ChampionRecord:
    """What the run of a genome knows of it, for targets that are read and not run.

    Parameters
    ----------
    document
        The genome as JSON, as ``genepool export --what genome`` writes it.
    traded, held
        Trade the genome, and buy and hold, over each phase as it was scored; they raise DataError when the
        run's candles are not there.
    """

    document: Mapping[str, Any]
    traded: Callable[[], TradedPhases]
    held: Callable[[], TradedPhases]


@dataclass(frozen=True, slots=True)
class ExportedChampion:
    """A genome with all that an exported file says of it.

    Parameters
    ----------
    run, rank
        The run's name, and the genome's place on its leaderboard.
    strategy, strategy_version, genes, fingerprint
        The genome; risk genes are among its genes.
    lookback
        Candles before the first one at whose close it can want anything.
    rules
        What it does, one sentence a line.
    symbol, timeframe
        The market that it was bred on.
    costs
        What trading was assumed to cost.
    candles_per_year
        What its measures are annualised by.
    trials
        How many genomes were tried on this market, by the ledger.
    verdict
        The verdict's sentence.
    version
        Version of GenePool.
    record
        What its run knows of it; None for a genome without one.
    """

    run: str
    rank: int
    strategy: str
    strategy_version: int | None
    genes: Mapping[str, float]
    fingerprint: str
    lookback: int
    rules: Sequence[str]
    symbol: str
    timeframe: str
    costs: CostModel
    candles_per_year: float
    trials: int
    verdict: str
    version: str
    record: ChampionRecord | None = None


@runtime_checkable
class ExportTarget(Protocol):
    """Writes a genome as files of another program; one file each under ``adapters/export/targets``."""

    @property
    def name(self) -> str:
        """What ``--to`` calls it."""
        ...

    @property
    def summary(self) -> str:
        """What the files are, in one line."""
        ...

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Return why the program cannot express a genome, in one sentence; None when it can."""
        ...

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return texts by their path inside the folder of the export."""
        ...


@runtime_checkable
class CertifiedTarget(ExportTarget, Protocol):
    """A target whose program can be run here, to prove that it trades as we do."""

    @property
    def packages(self) -> Sequence[str]:
        """Distributions whose versions a certificate names, the program first."""
        ...

    def proof(self, champion: ExportedChampion, candles: Candles) -> Mapping[str, str]:
        """Return what is laid beside the exported files to trade them on some candles.

        ``prove.py`` is among them: the interpreter of the program's environment runs it in that folder,
        offline, and it writes ``proof.json`` there.
        """
        ...
