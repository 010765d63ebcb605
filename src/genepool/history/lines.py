"""Parts of a recorded run and of the ledger, as lists show them: cheap to read, a whole run of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from genepool.history.ledger_accounts import TrialOrigins


class BirthLine(NamedTuple):
    """Who was born, and with which result, without the result itself.

    Parameters
    ----------
    generation
        In which it was first evaluated.
    fingerprint, strategy
        Of its genome.
    score
        Selection score; None where the evaluation failed.
    parents
        Fingerprints.
    """

    generation: int
    fingerprint: str
    strategy: str
    score: float | None
    parents: Sequence[str]


@dataclass(frozen=True, slots=True)
class GenerationLine:
    """One generation in figures.

    Parameters
    ----------
    number, digest, seconds, cache_hits
        As it was recorded.
    recorded_at
        ISO 8601 in UTC; None of runs before it was noted.
    best, median, worst
        In-sample fitness of its members; None where nobody scored, or they were pruned.
    species
        Members by strategy, the most first.
    """

    number: int
    digest: str
    seconds: float
    cache_hits: int
    recorded_at: str | None
    best: float | None
    median: float | None
    worst: float | None
    species: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What was tried on one data set.

    Parameters
    ----------
    market_digest
        Of the data set.
    symbol, timeframe
        What it was called first; None where no run and no marks of it are left.
    candles
        The most that a run of it was given; None without a run.
    trials
        Unique genomes that were tried on its candles, those of data sets that count with it included.
    first_at, last_at
        When the first and the last of its own were tried, ISO 8601 in UTC.
    runs
        How many runs of it there are.
    origins
        Who made the trials.
    """

    market_digest: str
    symbol: str | None
    timeframe: str | None
    candles: int | None
    trials: int
    first_at: str
    last_at: str
    runs: int
    origins: TrialOrigins
