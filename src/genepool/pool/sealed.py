"""A run's genome traded on the sealed candles: what an exam is sat by."""

from genepool.backtest.detailed import Backtest, backtest_over
from genepool.backtest.problem import ENGINE_VERSION
from genepool.errors import ConfigError, HistoryTooShort
from genepool.genome import Genome
from genepool.history import RunSpec, question_of
from genepool.market.moments import timestamp
from genepool.pool.planning import Plan
from genepool.robustness.exam import NOT_MEASURED, Sitting, sitting_of

# Two returns make a deviation.
_FEWEST_CANDLES = 2


def exam_question(spec: RunSpec, fingerprint: str) -> str:
    """Return what an exam asks: the same genome, candles, holdout and costs are the same question."""
    asked = ENGINE_VERSION, spec.data_digest, spec.split.holdout, str(spec.costs), fingerprint
    return question_of("exam", *asked)


def sealed_span(plan: Plan) -> tuple[int, int]:
    """Return the half-open range of a run's sealed candles.

    Raises
    ------
    ConfigError
        When it sealed none, or one.
    """
    span = len(plan.problem.candles), len(plan.candles)
    if span[1] - span[0] < _FEWEST_CANDLES:
        raise ConfigError(
            f"run {plan.spec.run} sealed no candles (--holdout {plan.spec.split.holdout:g}), so there is "
            "nothing to sit an exam on: evolve its market anew with --holdout 0.2"
        )
    return span


def sealed_dates(plan: Plan) -> tuple[str, str]:
    """Return when the first and the last sealed candle open, ISO 8601 in UTC."""
    start, stop = sealed_span(plan)
    stamps = plan.candles.stamps
    return timestamp(int(stamps[start])), timestamp(int(stamps[stop - 1]))


def sealed_backtest(plan: Plan, genome: Genome) -> Backtest:
    """Trade a genome on a run's sealed candles, as folds are traded: flat at the start, the same costs.

    Indicators and models know the candles before, as in a fold; measures are annualised as all of the run.

    Raises
    ------
    ConfigError
        When no candles are sealed, or there is no such strategy.
    HistoryTooShort, ArithmeticError
        As ``backtest_over``.
    """
    problem, spans = plan.problem, (sealed_span(plan),)
    return backtest_over(
        plan.candles, genome, problem.costs, spans, problem.candles_per_year, problem.strategies
    )


def sitting(plan: Plan, genome: Genome) -> Sitting:
    """Return what a genome shows on a run's sealed candles; what cannot be traded there shows nothing.

    Raises
    ------
    ConfigError
        As ``sealed_backtest``.
    """
    try:
        traded = sealed_backtest(plan, genome)
    except (HistoryTooShort, ArithmeticError):
        return NOT_MEASURED
    return sitting_of(traded.measures, traded.candles_per_year)
