"""What a report is made from: plain frozen records, so that drawing needs no store and no market."""

from collections.abc import Mapping
from dataclasses import dataclass

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual
from genepool.history import RunSpec, RunState
from genepool.market.candles import FloatArray, IntArray
from genepool.market.measures import Measures
from genepool.market.split import Split
from genepool.pool.ancestry import Ancestry
from genepool.pool.curves import GenerationPoint
from genepool.pool.judging import Judged
from genepool.robustness.appraisal import Appraisal
from genepool.robustness.luck import LuckPoint

IN_SAMPLE = "in-sample"
WALK_FORWARD = "walk-forward"


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The equity of one phase, going on from where the phase before it ended.

    Parameters
    ----------
    phase
        ``"in-sample"``, or ``"fold 1"`` and so on.
    stamps
        Opening times of its candles in UTC nanoseconds, shape (n,).
    equity
        Equity at each close, in multiples of the equity that the first stretch opened with, shape (n,).
    exposure
        Position over equity at each close, signed, shape (n,).
    """

    phase: str
    stamps: IntArray
    equity: FloatArray
    exposure: FloatArray

    @property
    def out_of_sample(self) -> bool:
        """Whether breeding never saw it."""
        return self.phase != IN_SAMPLE


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One trade of the champion.

    Parameters
    ----------
    phase
        Stretch in which it was made.
    entry, exit
        UTC nanoseconds.
    side
        1 long, -1 short.
    units, entry_price, exit_price
        What was held, and at which fills.
    fees, funding, result
        Shares of the equity that its stretch opened with; the result is after fees and funding.
    reason
        Why it ended: signal, stop, target, liquidation, or end when the phase ended first.
    opening_equity
        Equity before it, as a multiple of what its stretch opened with.
    """

    phase: str
    entry: int
    exit: int
    side: int
    units: float
    entry_price: float
    exit_price: float
    fees: float
    funding: float
    result: float
    reason: str
    opening_equity: float = 1.0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One cell of the neighbourhood: the champion with two genes set otherwise.

    Parameters
    ----------
    column, row
        Indices into the axes' values.
    score
        Selection score, or None when there is none.
    evaluated_in_run
        Whether it was a candidate of the run; otherwise it was evaluated for the picture alone.
    """

    column: int
    row: int
    score: float | None
    evaluated_in_run: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Scores around the champion over two of its genes.

    Parameters
    ----------
    columns, rows
        Gene name and values, rising.
    centre
        Column and row of the champion.
    cells
        One per pair of values; pairs that repair to another genome are left out.
    extra
        What was evaluated for the map alone, to find its two genes and to fill its cells.
    """

    columns: tuple[str, tuple[float, ...]]
    rows: tuple[str, tuple[float, ...]]
    centre: tuple[int, int]
    cells: tuple[Neighbour, ...]
    extra: tuple[Evaluation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SpanFigures:
    """The champion beside both ways of holding, on one span.

    Parameters
    ----------
    name
        ``"in-sample"``, or ``"walk-forward"`` for the folds joined in order.
    measures
        Of the champion, of buying and holding, and of holding short.
    appraisal
        The figures beside the champion's.
    candles_per_year
        Of the market.
    """

    name: str
    measures: tuple[Measures, Measures, Measures]
    appraisal: Appraisal
    candles_per_year: float


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """What the champion and buy-and-hold did on the visible candles.

    Parameters
    ----------
    champion, hold
        Stretch by stretch.
    trades
        Those of the champion, in order.
    spans
        Figures of the in-sample span and of the walk-forward folds.
    first_candle
        UTC nanoseconds of the first candle at whose open the champion could trade.
    """

    champion: tuple[Stretch, ...]
    hold: tuple[Stretch, ...]
    trades: tuple[ClosedTrade, ...]
    spans: tuple[SpanFigures, ...]
    first_candle: int


@dataclass(frozen=True, slots=True, eq=False)
class ReportData:
    """Everything that a report shows.

    Parameters
    ----------
    spec
        The run's specification.
    state
        Where it stands.
    digest
        Run digest; None until it finishes.
    started_at
        ISO 8601 in UTC.
    split
        The spans of the history.
    stamps
        Opening times of the visible candles; the sealed ones are never handed over.
    curve
        What the curves show of each generation, or of so many of them as are drawn.
    failures
        How many evaluations failed, by reason.
    judged
        Leaderboard, buy-and-hold, trials and verdict.
    generations, evaluations
        How many the run has, those that were pruned included.
    pruned
        What is gone of it, in one sentence; empty for a run that is whole.
    performance, neighbourhood
        None where there is no champion, or too little is left of the run.
    luck
        Best Sharpe so far against luck; empty where nothing was scored.
    family
        The champion's ancestors; None without one.
    """

    spec: RunSpec
    state: RunState
    digest: str | None
    started_at: str
    split: Split
    stamps: IntArray
    curve: tuple[GenerationPoint, ...]
    failures: Mapping[str | None, int]
    judged: Judged
    generations: int
    evaluations: int
    pruned: str = ""
    performance: Performance | None = None
    luck: tuple[LuckPoint, ...] = ()
    neighbourhood: Neighbourhood | None = None
    family: Ancestry | None = None

    @property
    def champion(self) -> Individual | None:
        """Best individual of the run."""
        return self.judged.champion
