"""How large a calibration is: what one cell searches, and how many cells there are."""

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType

from genepool.evolution.settings import EvolutionSettings
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET

# Raised whenever a cell of equal name and numbers may hold other results.
RESULTS_VERSION = 2
PLANTED_SHARPES = (0.5, 1.0, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Search:
    """What each cell searches, and compares with.

    Parameters
    ----------
    candles
        Of each generated or shuffled market.
    settings
        How it is bred; all seeds take part.
    nulls
        Null searches of each run.
    generator
        How their markets are made.
    user_runs, user_nulls
        Runs of an impatient user on one market, and the nulls of the one that is kept.
    real_candles
        Newest candles of a real data set; None for all.
    """

    candles: int
    settings: EvolutionSettings
    nulls: int = 19
    generator: str = DEFAULT_NULL_MARKET
    user_runs: int = 20
    user_nulls: int = 399
    real_candles: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many markets there are: of each noise, of each edge and its strength, and of impatient users."""

    noise: int
    planted: int
    users: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A size that a user asks for by name."""

    name: str
    search: Search
    counts: Counts


@dataclass(frozen=True, slots=True)
class Setup:
    """All that the results of a cell depend on, beside the code.

    Parameters
    ----------
    scale
        Its name.
    seed_base
        What all seeds are derived from.
    search
        What each cell searches.
    sources
        Real data sets by kind of market, where the user named another one than the kind does.
    """

    scale: str
    seed_base: int
    search: Search
    sources: tuple[tuple[str, str], ...] = field(default=())

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits: the results of different setups never share a file."""
        text = f"calibration/{RESULTS_VERSION}|{self.seed_base}|{self.search}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    @property
    def file_name(self) -> str:
        """Name of the file of results."""
        return f"{self.scale}-{self.seed_base}-{self.digest}.jsonl"


SCALES = MappingProxyType(
    {
        "quick": Scale(
            "quick",
            Search(8_000, EvolutionSettings(70, 8), real_candles=10_000),
            Counts(noise=8, planted=4, users=4),
        ),
        "full": Scale("full", Search(8_000, EvolutionSettings()), Counts(noise=200, planted=40, users=40)),
    }
)
