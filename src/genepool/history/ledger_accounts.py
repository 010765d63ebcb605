"""What the ledger says of one market: how many trials, who made them, and what they showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class TrialOrigins:
    """Trials by who made them; together they are all that count.

    Parameters
    ----------
    runs
        Unique genomes that runs tried, with the neighbours of champions and whatever else was evaluated
        for a run.
    backtests
        Those that were only backtested by hand.
    imported
        Trials of other programs, read from their files.
    declared
        Trials that a user said he made elsewhere.
    """

    runs: int = 0
    backtests: int = 0
    imported: int = 0
    declared: int = 0

    @property
    def total(self) -> int:
        """How many trials count."""
        return self.runs + self.backtests + self.imported + self.declared


class TrialSharpe(NamedTuple):
    """What a trial showed inside the walk-forward folds: its annualised Sharpe ratio, over how many years."""

    sharpe: float
    years: float


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """The trials that count on the candles of one data set.

    Parameters
    ----------
    market_digest
        Of the data set.
    symbol, timeframe
        What it was called first; None where nothing tells.
    counted_with
        Digests of the other data sets of the same market.
    trials, origins
        How many trials count, and by whom.
    entries, head
        Length of its chain, and the hash of the newest entry; None where nothing was tried.
    sharpes
        Of every trial whose evaluation is left.
    """

    market_digest: str
    symbol: str | None
    timeframe: str | None
    counted_with: Sequence[str]
    trials: int
    origins: TrialOrigins
    entries: int
    head: str | None
    sharpes: Sequence[TrialSharpe]
