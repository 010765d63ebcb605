"""From a recorded run and its market to everything that its report shows."""

from collections.abc import Sequence
from dataclasses import replace

from genepool.adapters.report.data import Neighbourhood, ReportData
from genepool.adapters.report.neighbourhood import neighbourhood
from genepool.adapters.report.performance import performance_of
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.evolution.population import Individual, Population
from genepool.history import RunSummary, champion_of
from genepool.pool.judging import Judged
from genepool.robustness.luck import LuckPoint, luck_curve
from genepool.strategies import seed_strategies


def report_data(
    summary: RunSummary,
    populations: Sequence[Population],
    newborn: Sequence[tuple[int, Individual]],
    judged: Judged,
    problem: Problem,
    pruned: str = "",
    around: Neighbourhood | None = None,
) -> ReportData:
    """Gather what the report of a run shows; nothing is read or written.

    Parameters
    ----------
    summary
        The run's line in the list of runs.
    populations
        Every generation.
    newborn
        Every individual with the generation that first evaluated it, in the order asked.
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
        populations=tuple(populations),
        newborn=tuple(newborn),
        judged=judged,
        generations=summary.generations,
        evaluations=summary.evaluations,
        pruned=pruned,
    )
    if champion is None or scored is None:
        return data
    genome = champion.genome
    if pruned:
        # Luck and neighbourhood are pictures of all trials.
        return replace(data, performance=performance_of(problem, genome, scored))
    return replace(
        data,
        performance=performance_of(problem, genome, scored),
        luck=_luck(newborn, problem),
        neighbourhood=around or neighbours(problem, newborn),
    )


def neighbours(problem: Problem, newborn: Sequence[tuple[int, Individual]]) -> Neighbourhood | None:
    """Evaluate the champion's neighbours as far as the run did not; they are trials, to be counted.

    Parameters
    ----------
    problem, newborn
        As for ``report_data``, of a run that is whole.

    Returns
    -------
    Neighbourhood or None
        None without a champion, or when its strategy has fewer than two genes to move.
    """
    champion = champion_of(None, (individual for _, individual in newborn))
    if champion is None:
        return None
    genome = champion.genome
    return neighbourhood(
        genome,
        seed_strategies()[genome.strategy],
        [individual.evaluation for _, individual in newborn],
        Scorer(problem).evaluate,
    )


def _luck(newborn: Sequence[tuple[int, Individual]], problem: Problem) -> tuple[LuckPoint, ...]:
    unique = {individual.genome.fingerprint: individual.evaluation.scored for _, individual in newborn}
    sharpes = [scored.in_sample.sharpe if scored else None for scored in unique.values()]
    candles = problem.in_sample[1] - problem.in_sample[0]
    return luck_curve(sharpes, candles / problem.candles_per_year)
