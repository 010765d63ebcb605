"""How the equity of a genome of a run went, in as many points as are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.backtest.phases import stretches
from genepool.backtest.stretches import Stretch
from genepool.backtest.thinning import FEWEST_POINTS, thinned
from genepool.errors import ConfigError
from genepool.market.moments import timestamp
from genepool.usecases.document import Document
from genepool.usecases.genome_of_run import Which, placed
from genepool.usecases.past_run import PastRun

MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class EquityPhase(Document):
    """One phase, opened with the equity that the phase before it ended with.

    Parameters
    ----------
    phase
        ``"in-sample"``, or ``"fold 1"`` and so on.
    out_of_sample
        Whether breeding never saw it.
    candles
        How many it has; the points are some of them.
    times
        When these candles opened, ISO 8601 in UTC.
    equity, buy_and_hold
        At their closes, in multiples of the equity at the beginning of the first phase.
    exposure
        Position over equity at their closes, signed.
    """

    phase: str
    out_of_sample: bool
    candles: int
    times: Sequence[str]
    equity: Sequence[float]
    buy_and_hold: Sequence[float]
    exposure: Sequence[float]


@dataclass(frozen=True, slots=True)
class GenomeEquity(Document):
    """The equity of a genome beside that of holding, phase by phase."""

    run: str
    rank: int
    fingerprint: str
    phases: Sequence[EquityPhase]


def genome_equity(past: PastRun, which: Which, points: int = 1_000) -> GenomeEquity:
    """Trade a genome over each phase of its run, and return how its equity went.

    Parameters
    ----------
    past
        The run.
    which
        Place or fingerprint.
    points
        How many points of each phase at most; first, last, highest and lowest are kept.

    Raises
    ------
    GenomeNotFound
        When there is no such genome.
    DataError
        When its candles are not there, or are not what the run began with.
    """
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        raise ConfigError(
            f"points is {points}: a phase is drawn with {FEWEST_POINTS} to {MOST_POINTS:,} points"
        )
    rank, individual = placed(past, which)
    ours, holding = stretches(past.traded(individual.genome)), stretches(past.traded(None))
    phases = [_phase(mine, held, points) for mine, held in zip(ours, holding, strict=True)]
    return GenomeEquity(past.name, rank, individual.genome.fingerprint, phases)


def _phase(mine: Stretch, held: Stretch, points: int) -> EquityPhase:
    places = thinned(mine.equity, points)
    return EquityPhase(
        mine.phase,
        mine.out_of_sample,
        len(mine.equity),
        [timestamp(stamp) for stamp in mine.stamps[places].tolist()],
        mine.equity[places].tolist(),
        held.equity[places].tolist(),
        mine.exposure[places].tolist(),
    )
