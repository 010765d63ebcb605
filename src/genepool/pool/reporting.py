"""From a recorded run and its market to everything that its report shows."""

from collections.abc import Sequence
from dataclasses import replace

from genepool.backtest.detailed import Backtest
from genepool.backtest.evaluation import Scored
from genepool.backtest.holding import LONG, SHORT, held
from genepool.backtest.phases import closed_trades, phase_backtests, stretches
from genepool.backtest.problem import Problem
from genepool.backtest.stretches import IN_SAMPLE, WALK_FORWARD, joined
from genepool.backtest.warm_up import first_candle_that_could_trade
from genepool.genome import Genome
from genepool.history import RunSummary
from genepool.market.measures import Measures
from genepool.pool.ancestry import Fetch, ancestry
from genepool.pool.births import Births
from genepool.pool.findings import Findings
from genepool.pool.judging import Judged
from genepool.pool.report_data import ReportData
from genepool.robustness.appraisal import BUY_AND_HOLD, SHORT_AND_HOLD, Run, appraise
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.robustness.performance import Performance, SpanFigures


def report_data(
    summary: RunSummary,
    found: Findings,
    fetch: Fetch,
    judged: Judged,
    problem: Problem,
    pruned: str = "",
    around: Neighbourhood | None = None,
) -> ReportData:
    """Gather what the report of a run shows; nothing is written.

    Parameters
    ----------
    summary, fetch, judged, problem, pruned
        As ``first_data``.
    found
        What a pass over its generations found.
    around
        What the neighbourhood check found; None where it was not made.
    """
    data = first_data(summary, found.births, fetch, judged, problem, pruned)
    data = replace(data, curve=found.curve.result(), failures=found.failures)
    if pruned or data.performance is None:
        # Luck and neighbourhood are pictures of all trials.
        return data
    return replace(data, luck=found.luck(_years(problem)), neighbourhood=around)


def first_data(
    summary: RunSummary, births: Births, fetch: Fetch, judged: Judged, problem: Problem, pruned: str = ""
) -> ReportData:
    """Gather as much of that as is known without reading every generation.

    Parameters
    ----------
    summary
        The run's line in the list of runs.
    births
        Everybody's place in it.
    fetch
        Reads individuals of the run again.
    judged
        What the run amounts to.
    problem
        What its genomes were scored against. It holds no sealed candle, so the report cannot either.
    pruned
        What is gone of the run, in one sentence; empty for one that is whole.
    """
    spec, champion = summary.spec, judged.champion
    scored = champion.evaluation.scored if champion else None
    data = ReportData(
        spec=spec,
        state=summary.state,
        digest=summary.digest,
        started_at=summary.started_at,
        split=spec.split.apply(spec.candles),
        stamps=problem.candles.stamps,
        curve=(),
        failures={},
        judged=judged,
        strategies=problem.strategies,
        generations=summary.generations,
        evaluations=summary.evaluations,
        pruned=pruned,
    )
    if champion is None or scored is None:
        return data
    return replace(
        data,
        performance=performance_of(problem, champion.genome, scored),
        family=ancestry(champion, births, fetch),
    )


def performance_of(problem: Problem, champion: Genome, scored: Scored) -> Performance:
    """Trade champion and buy-and-hold over each phase as they were scored: flat at each start.

    Parameters
    ----------
    problem
        What the champion was scored against; it holds no sealed candle.
    champion
        Who trades.
    scored
        What it scored, spans joined.
    """
    ours, holding = phase_backtests(problem, champion), phase_backtests(problem, None)
    trades = tuple(trade for phase, result in ours for trade in closed_trades(phase, result))
    first = first_candle_that_could_trade(
        problem.strategies[champion.strategy], champion, problem.in_sample[0]
    )
    return Performance(
        stretches(ours),
        stretches(holding),
        trades,
        (
            _figures(IN_SAMPLE, problem, [problem.in_sample], ours[:1], scored.in_sample),
            _figures(WALK_FORWARD, problem, problem.folds, ours[1:], scored.walk_forward),
        ),
        int(problem.candles.stamps[first]),
    )


def _figures(
    name: str,
    problem: Problem,
    spans: Sequence[tuple[int, int]],
    results: Sequence[tuple[str, Backtest]],
    measures: Measures,
) -> SpanFigures:
    candles, costs, per_year = problem.candles, problem.costs, problem.candles_per_year
    sides = {BUY_AND_HOLD: LONG, SHORT_AND_HOLD: SHORT}
    benchmarks = {benchmark: held(candles, costs, spans, side, per_year) for benchmark, side in sides.items()}
    run = Run(measures, *joined(stretches(results)), [result.trades for _, result in results])
    appraisal = appraise(run, benchmarks, per_year)
    beside = (benchmarks[BUY_AND_HOLD].measures, benchmarks[SHORT_AND_HOLD].measures)
    return SpanFigures(name, (measures, *beside), appraisal, per_year)


def _years(problem: Problem) -> float:
    return (problem.in_sample[1] - problem.in_sample[0]) / problem.candles_per_year
