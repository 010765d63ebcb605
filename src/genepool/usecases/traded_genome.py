"""What a backtest found, as data to draw and as a document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Any

from genepool.backtest.caveats import COUNTS
from genepool.backtest.detailed import Backtest
from genepool.backtest.holding import HeldPosition
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import NOT_CHARGED, CostModel
from genepool.market.measures import Measures
from genepool.market.moments import timestamp
from genepool.robustness.appraisal import BUY_AND_HOLD, SHORT_AND_HOLD, Appraisal, Run, appraise
from genepool.usecases.backtest_terms import Terms
from genepool.usecases.document import AMONG, Document


@dataclass(frozen=True, eq=False)
class GenomeBacktest:
    """What a backtest found, and of what.

    Parameters
    ----------
    result
        What the genome did.
    long, short
        What holding, and holding short, did over the same candles.
    genome
        The genome that traded.
    candles
        The market.
    costs
        What trading cost.
    first
        Number of the first candle at whose open the genome could trade.
    version
        Version of its strategy's rules.
    """

    result: Backtest
    long: HeldPosition
    short: HeldPosition
    genome: Genome
    candles: Candles
    costs: CostModel
    first: int
    version: int

    @cached_property
    def appraisal(self) -> Appraisal:
        """The figures beside the measures."""
        run = Run(self.result.measures, self.result.stamps, self.result.equity, [self.result.trades])
        benchmarks = {BUY_AND_HOLD: self.long, SHORT_AND_HOLD: self.short}
        return appraise(run, benchmarks, self.result.candles_per_year)

    @property
    def first_stamp(self) -> str | None:
        """When the genome could trade for the first time; None when its lookback outlasts the span."""
        stamps, last = self.candles.stamps, self.result.stamps[-1]
        reached = self.first < len(stamps) and stamps[self.first] <= last
        return timestamp(int(stamps[self.first])) if reached else None

    @property
    def columns(self) -> tuple[Measures, ...]:
        """Measures of the genome, of holding and of holding short."""
        return self.result.measures, self.long.measures, self.short.measures


@dataclass(frozen=True, slots=True)
class TradedGenome(Document):
    """What a backtest found; the members of its measures stand among its own."""

    strategy: str
    genes: Mapping[str, float]
    fingerprint: str
    symbol: str
    timeframe: str
    synthetic: bool
    data_digest: str
    start: str
    stop: str
    first_candle_that_could_trade: str | None
    costs: CostModel
    not_charged: str
    measures: Mapping[str, float] = field(metadata=AMONG)
    buy_and_hold: Mapping[str, float]
    short_and_hold: Mapping[str, float]
    appraisal: Mapping[str, Any]
    spans: str
    ranges: Sequence[tuple[int, int]]
    candles_per_year: float
    versions: Mapping[str, Any]
    genome_file: str | None
    same_data_as_file: bool | None
    remarks: Sequence[str]
    differences: Sequence[str]


def traded_genome(answer: GenomeBacktest, terms: Terms) -> TradedGenome:
    """Return what a backtest found, and by which terms, as a document."""
    result, genome, candles = answer.result, answer.genome, answer.candles
    ground, file = terms.ground, terms.file
    return TradedGenome(
        strategy=genome.strategy,
        genes=dict(genome.genes),
        fingerprint=genome.fingerprint,
        symbol=candles.symbol,
        timeframe=candles.timeframe,
        synthetic=candles.synthetic,
        data_digest=candles.digest,
        start=timestamp(int(result.stamps[0])),
        stop=timestamp(int(result.stamps[-1])),
        first_candle_that_could_trade=answer.first_stamp,
        costs=answer.costs,
        not_charged=NOT_CHARGED,
        measures=plain_measures(result.measures),
        buy_and_hold=plain_measures(answer.long.measures),
        short_and_hold=plain_measures(answer.short.measures),
        appraisal=_appraisal(answer.appraisal),
        spans=ground.name,
        ranges=ground.spans,
        candles_per_year=result.candles_per_year,
        versions={"genepool": version("genepool"), "strategy": answer.version},
        genome_file=str(file.path) if file else None,
        same_data_as_file=ground.known if file and file.data else None,
        remarks=ground.remarks,
        differences=terms.differences,
    )


def plain_measures(measures: Measures) -> dict[str, float]:
    """Return measures by name, as values that JSON has; counts are whole numbers."""
    return {name: int(value) if name in COUNTS else value for name, value in asdict(measures).items()}


def _appraisal(appraisal: Appraisal) -> dict[str, Any]:
    stamped = ("peak", "trough", "recovered")
    found = asdict(appraisal)
    for drawdown in found["drawdowns"]:
        dates = {name: drawdown[name] for name in stamped}
        drawdown |= {name: None if stamp is None else timestamp(stamp) for name, stamp in dates.items()}
    return found
