"""What happens to a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunState

if TYPE_CHECKING:
    # What lists runs needs the events, and none of the statistics.
    from genepool.robustness.luck import Evidence

# The champion's neighbours are tried, the champion is judged, the report is written.
ConcludingStep: TypeAlias = Literal["exploring", "judging", "reporting"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run starts, or is resumed from what is recorded.

    Parameters
    ----------
    spec
        The run.
    population
        The newest that is recorded; None before the first.
    champion
        First of the recorded leaderboard; None while there is none.
    """

    spec: RunSpec
    population: Population | None
    champion: Individual | None = None


@dataclass(frozen=True, slots=True)
class GenerationAdvanced:
    """So many of the genomes that the running generation asked for are evaluated; told once a batch."""

    done: int
    asked: int


@dataclass(frozen=True, slots=True)
class GenerationFinished:
    """A generation is recorded."""

    spec: RunSpec
    record: GenerationRecord


@dataclass(frozen=True, slots=True)
class ChampionWeighed:
    """After a generation, the champion was compared with luck."""

    evidence: "Evidence"


@dataclass(frozen=True, slots=True)
class OverfittingMeasured:
    """The kept sample of a run's genomes was compared with itself on halves of the candles.

    Parameters
    ----------
    run
        Its name.
    generation
        The newest that the sample is drawn from.
    genomes
        How many of the sample traded differently.
    probability
        Of backtest overfitting: that the best of them on one half is not above the median on the other.
    """

    run: str
    generation: int
    genomes: int
    probability: float


@dataclass(frozen=True, slots=True)
class NullsCompared:
    """A run was compared with its searches on markets without an edge.

    Parameters
    ----------
    run
        Its name.
    count
        Null searches.
    p_value, p_corrected
        By them alone, and corrected for the other searches of the run's candles.
    """

    run: str
    count: int
    p_value: float
    p_corrected: float


@dataclass(frozen=True, slots=True)
class LiveCompared:
    """A live record was compared with the replay of its genome.

    Parameters
    ----------
    run
        Whose genome it is.
    quantile
        Of the live result in the band of the genome's own out-of-sample returns.
    place
        Whether it lies inside the band, below or above it.
    gap
        Live less replayed result, as a share of the capital.
    parts
        The gap by cause.
    """

    run: str
    quantile: float
    place: str
    gap: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StopRequested:
    """A user asked the run to stop; told from a thread of its own."""

    run: str


@dataclass(frozen=True, slots=True)
class RunClosing:
    """Nothing more is bred: so many of so many generations are read again for the run's digest."""

    spec: RunSpec
    read: int
    generations: int


@dataclass(frozen=True, slots=True)
class RunClimbed:
    """A run that has ended was judged by all that is known of it.

    Parameters
    ----------
    run
        Its name.
    height
        Rungs of the verdict that its champion passes in a row, 0 to 5.
    """

    run: str
    height: int


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run ended, and how."""

    spec: RunSpec
    state: RunState


@dataclass(frozen=True, slots=True)
class RunConcluding:
    """A run has ended, and this is done now for its verdict or its report; None when a step is done."""

    spec: RunSpec
    step: ConcludingStep | None


RunEvent: TypeAlias = (
    RunStarted
    | GenerationAdvanced
    | GenerationFinished
    | ChampionWeighed
    | OverfittingMeasured
    | NullsCompared
    | LiveCompared
    | StopRequested
    | RunClosing
    | RunClimbed
    | RunEnded
    | RunConcluding
)
