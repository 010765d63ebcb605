"""What a run would be that a user describes, before it is started."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.market.default_costs import describe_costs
from genepool.market.moments import timestamp
from genepool.ports.candles import CandleSource
from genepool.usecases.document import Document
from genepool.usecases.run_rules import RunRules
from genepool.usecases.start_run import rehearse_run


@dataclass(frozen=True, slots=True)
class ForeseenRun(Document):
    """A run that nobody has started.

    Parameters
    ----------
    first, last
        When its first and its last candle opened, ISO 8601 in UTC.
    in_sample, walk_forward, sealed
        Candles that genomes are bred on, that they are tried on afterwards, and that nothing sees.
    costs
        As they are written for people.
    evaluations
        How many genomes it may try at most.
    strategies
        Seeds that take part.
    left_out
        Why each seed that was asked for does not take part: name and reason.
    """

    symbol: str
    timeframe: str
    candles: int
    first: str
    last: str
    in_sample: int
    walk_forward: int
    sealed: int
    costs: str
    evaluations: int
    strategies: Sequence[str]
    left_out: Sequence[tuple[str, str]]


def foresee_run(data: str, rules: RunRules, source: CandleSource) -> ForeseenRun:
    """Read the candles and plan a run on them; nothing is written.

    Raises
    ------
    DataError, ConfigError
        As the start of the run would.
    """
    planned = rehearse_run(rules.asked(data, (), ""), source)
    spec, stamps = planned.spec, planned.candles.stamps
    split = spec.split.apply(spec.candles)
    generated = spec.settings.population_size * spec.settings.generations
    return ForeseenRun(
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        candles=spec.candles,
        first=timestamp(int(stamps[0])),
        last=timestamp(int(stamps[-1])),
        in_sample=split.in_sample[1],
        walk_forward=sum(stop - start for start, stop in split.folds),
        sealed=split.length - split.visible,
        costs=describe_costs(spec.costs),
        evaluations=min(generated, spec.settings.evaluations or generated),
        strategies=spec.strategies,
        left_out=spec.left_out,
    )
