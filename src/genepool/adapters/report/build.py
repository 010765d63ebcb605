"""From a recorded run and its market to everything that its report shows."""

from collections.abc import Sequence
from dataclasses import replace

from genepool.adapters.report.data import Neighbourhood, ReportData
from genepool.adapters.report.neighbourhood import neighbourhood
from genepool.adapters.report.performance import performance_of
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.history import RunSummary
from genepool.pool.ancestry import Fetch, ancestry
from genepool.pool.findings import Findings
from genepool.pool.judging import Judged
from genepool.strategies import seed_strategies


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
    summary
        The run's line in the list of runs.
    found
        What a pass over its generations found.
    fetch
        Reads individuals of the run again.
    judged
        What the run amounts to.
    problem
        What its genomes were scored against. It holds no sealed candle, so the report cannot either.
    pruned
        What is gone of the run, in one sentence; empty for one that is whole.
    around
        What ``neighbours`` returned; None to evaluate it now.
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
        curve=found.curve.result(),
        failures=found.failures,
        judged=judged,
        generations=summary.generations,
        evaluations=summary.evaluations,
        pruned=pruned,
    )
    if champion is None or scored is None:
        return data
    genome = champion.genome
    data = replace(data, family=ancestry(champion, found.births, fetch))
    if pruned:
        # Luck and neighbourhood are pictures of all trials.
        return replace(data, performance=performance_of(problem, genome, scored))
    return replace(
        data,
        performance=performance_of(problem, genome, scored),
        luck=found.luck(_years(problem)),
        neighbourhood=around or neighbours(problem, found, fetch),
    )


def neighbours(problem: Problem, found: Findings, fetch: Fetch) -> Neighbourhood | None:
    """Evaluate the champion's neighbours as far as the run did not; they are trials, to be counted.

    Parameters
    ----------
    problem, found, fetch
        As for ``report_data``, of a run that is whole.

    Returns
    -------
    Neighbourhood or None
        None without a champion, or when its strategy has fewer than two genes to move.
    """
    if found.champion is None:
        return None
    genome = found.champion.genome

    def paid(fingerprints: Sequence[str]) -> list[Evaluation]:
        return [individual.evaluation for individual in fetch(found.births.find(fingerprints))]

    return neighbourhood(genome, seed_strategies()[genome.strategy], paid, Scorer(problem).evaluate)


def _years(problem: Problem) -> float:
    return (problem.in_sample[1] - problem.in_sample[0]) / problem.candles_per_year
