"""What the pages of a recorded run show: as the report does, but nothing is evaluated for it."""

from dataclasses import dataclass, replace

from genepool.backtest.evaluation import Scored
from genepool.evolution.population import Individual
from genepool.pool.ancestry import Ancestry, ancestry
from genepool.pool.births import Births
from genepool.pool.checking import neighbourhood_known
from genepool.pool.report_data import ReportData
from genepool.pool.reporting import first_data, performance_of
from genepool.ports.run_curves import RunCurves
from genepool.robustness.performance import CHAMPION, Performance
from genepool.usecases.past_run import PastRun
from genepool.usecases.run_points import LuckCurves


@dataclass(frozen=True, slots=True)
class _Tried:
    births: Births
    champion: Individual | None


@dataclass(frozen=True, slots=True, eq=False)
class ViewedGenome:
    """A genome of a run with what it did, and where it comes from."""

    run: ReportData
    rank: int
    individual: Individual
    performance: Performance
    family: Ancestry


def view_champion(past: PastRun) -> ReportData:
    """Return what is known of a run without reading every generation.

    Raises
    ------
    DataError
        When its candles are not there, or are not what the run began with.
    """
    plan = past.plan()
    judged = past.judged(plan)
    return first_data(past.summary, past.census.births, past.read, judged, plan.problem, past.pruned)


def view_search(past: PastRun, data: ReportData, history: RunCurves, curves: LuckCurves) -> ReportData:
    """Return luck and failures too, and the neighbourhood if a report has tried it before.

    Parameters
    ----------
    past
        The run.
    data
        What ``view_champion`` knows of it.
    history
        Knows why genomes failed.
    curves
        Know its luck.

    Raises
    ------
    DataError
        When its candles are not there, or are not what the run began with.
    """
    run = past.name
    if past.pruned or data.performance is None:
        return replace(data, failures=history.failures(run))
    tried = _Tried(past.census.births, data.champion)
    return replace(
        data,
        failures=history.failures(run),
        luck=curves.points(past.summary),
        neighbourhood=neighbourhood_known(past.plan().problem, tried, past.read, past.history),
    )


def view_genome(past: PastRun, rank: int) -> ViewedGenome:
    """Return what is known of the genome at a place of the leaderboard.

    Raises
    ------
    GenomeNotFound
        When there is no such place.
    DataError
        When its candles are not there, or are not what the run began with.
    """
    individual = past.at(rank)
    plan = past.plan()
    scored: Scored | None = individual.evaluation.scored
    if scored is None:
        raise ValueError("a leaderboard holds no failed individuals")
    judged = past.judged(plan)
    run = first_data(past.summary, past.census.births, past.read, judged, plan.problem, past.pruned)
    who = CHAMPION if rank == 1 else "genome"
    performance = replace(performance_of(plan.problem, individual.genome, scored), subject=who)
    family = ancestry(individual, past.census.births, past.read)
    return ViewedGenome(run, rank, individual, performance, family)
